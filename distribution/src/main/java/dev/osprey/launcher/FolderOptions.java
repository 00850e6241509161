package dev.osprey.launcher;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name folders. */
final class FolderOptions {
  /** The option of commands that need the data folder only. */
  static final class Data {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "Data folder of the instance (default: data in the archive's folder).")
    @Nullable Path data;

    Path in(Home home) {
      return data == null ? home.defaultData() : data.toAbsolutePath().normalize();
    }
  }

  /** The option of commands that need the deploy folder too. */
  static final class Deploy {
    @Option(
        names = "--deploy",
        paramLabel = "DIR",
        description = "Deploy folder that is watched (default: deploy in the archive's folder).")
    @Nullable Path deploy;

    Path in(Home home) {
      return deploy == null ? home.defaultDeploy() : deploy.toAbsolutePath().normalize();
    }
  }

  private FolderOptions() {}
}
