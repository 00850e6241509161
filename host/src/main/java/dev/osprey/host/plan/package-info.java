/** What a generation is made of: extensions in use, bound plans, listeners, chains, clusters. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.plan;
