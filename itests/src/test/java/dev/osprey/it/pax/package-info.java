/** The host in a framework that Pax Exam runs inside this JVM. */
@org.jspecify.annotations.NullMarked
package dev.osprey.it.pax;
