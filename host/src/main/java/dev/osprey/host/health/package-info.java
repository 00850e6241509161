/** The health of endpoints: what is known of it, and who asks when. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.health;
