package dev.osprey.host.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
  private static final byte[] JAR = TestJars.bundle("test", "1.0.0", "a");

  @TempDir Path folder;
  private ContentStore store;

  @BeforeEach
  void open() throws Exception {
    store = new ContentStore(folder);
  }

  @Test
  void givesWhatItWasGiven() throws Exception {
    Content content = store.add(JAR);
    assertThat(content.file()).hasBinaryContent(JAR);
    assertThat(store.add(JAR)).isEqualTo(content);
    assertThat(store.get(content.hash())).contains(content);
  }

  @Test
  void replacesACopyThatAPowerCutHasDamaged() throws Exception {
    Content content = store.add(JAR);
    Files.write(content.file(), new byte[JAR.length]);
    assertThat(store.get(content.hash())).isEmpty();

    assertThat(store.add(JAR)).isEqualTo(content);
    assertThat(content.file()).hasBinaryContent(JAR);
  }

  @Test
  void keepsNothingOfWhatItRefuses() throws Exception {
    assertThatThrownBy(() -> store.add(new byte[100])).isInstanceOf(Refusal.class);
    assertThat(folder).isEmptyDirectory();
  }
}
