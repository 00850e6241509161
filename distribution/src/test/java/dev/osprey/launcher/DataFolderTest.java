package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
  @TempDir Path temp;

  @Test
  void isForItsOwnerOnly() throws Exception {
    Path data = temp.resolve("deep/data");
    try (DataFolder folder = DataFolder.open(data)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void refusesASecondInstance_andSaysWhoHoldsIt() throws Exception {
    try (DataFolder _ = DataFolder.open(temp)) {
      assertThatThrownBy(() -> DataFolder.open(temp))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid())
          .hasMessageContaining("--data");
    }
    DataFolder.open(temp).close();
  }

  @Test
  void saysWhatToDo_whenItCannotBeMade() throws Exception {
    Path file = Files.writeString(temp.resolve("file"), "");

    assertThatThrownBy(() -> DataFolder.open(file.resolve("data")))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--data");
  }
}
