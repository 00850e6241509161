/** The framework's side: the activator, installing beside, holding what somebody stops. */
@org.jspecify.annotations.NullMarked
package dev.osprey.host.osgi;
