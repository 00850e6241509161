/** The router: from a request's head to a decision, in the words of Envoy's RouteConfiguration. */
@org.jspecify.annotations.NullMarked
package dev.osprey.router;
