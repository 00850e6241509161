@org.jspecify.annotations.NullMarked
package dev.osprey.spi.lb;
