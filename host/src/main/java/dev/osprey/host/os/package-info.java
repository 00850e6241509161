/** What the operating system is asked beyond sockets and files. */
@NullMarked
package dev.osprey.host.os;

import org.jspecify.annotations.NullMarked;
