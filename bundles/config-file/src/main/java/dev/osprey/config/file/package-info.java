/** The configuration source that reads a YAML or JSON file and notices when it changes. */
@org.jspecify.annotations.NullMarked
package dev.osprey.config.file;
