/**
 * What the codecs of HTTP/1 and HTTP/2 say and check alike. A library, not a bundle: each codec
 * embeds a copy of its own, so that it is swapped alone, and no type in here ever crosses from one
 * bundle to another.
 */
@org.jspecify.annotations.NullMarked
package dev.osprey.http.common;
