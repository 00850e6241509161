@org.jspecify.annotations.NullMarked
package dev.osprey.testkit.toy;
