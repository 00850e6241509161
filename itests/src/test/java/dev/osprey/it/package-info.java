/** Tests of the unpacked archive with real clients. */
@org.jspecify.annotations.NullMarked
package dev.osprey.it;
