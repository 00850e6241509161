package dev.osprey.config.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.osprey.spi.source.ConfigDocument;
import dev.osprey.spi.source.ConfigSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFileTest {
  @TempDir private Path folder;

  /** Far behind every file, or far ahead of it, as a test needs. */
  private Instant now = Instant.now().plusSeconds(3600);

  @Test
  void returnsTheDocumentOnce() throws IOException {
    ConfigSource source = open(write("c.yaml", "a: 1"));
    assertThat(number(source.poll())).isEqualTo(1);
    assertThat(source.poll()).isEmpty();
    assertThat(source.poll()).isEmpty();
  }

  @Test
  void returnsAChange_whenItIsSeenTwice() throws IOException {
    Path file = write("c.yaml", "a: 1");
    ConfigSource source = open(file);
    source.poll();
    Files.writeString(file, "a: 22");
    assertThat(source.poll()).isEmpty();
    assertThat(number(source.poll())).isEqualTo(22);
    assertThat(source.poll()).isEmpty();
  }

  @Test
  void leavesAFileAloneWhileItGrows() throws IOException {
    Path file = write("c.yaml", "a: 1");
    ConfigSource source = open(file);
    source.poll();
    for (String half : new String[] {"", "a:", "a: 2", "a: 22"}) {
      Files.writeString(file, half);
      assertThat(source.poll()).isEmpty();
    }
    assertThat(number(source.poll())).isEqualTo(22);
  }

  @Test
  void staysQuiet_whenOnlyTheTimeChanged() throws IOException {
    Path file = write("c.yaml", "a: 1");
    ConfigSource source = open(file);
    source.poll();
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(source.poll()).isEmpty();
    assertThat(source.poll()).isEmpty();
  }

  @Test
  void noticesAChangeOfSameSizeAndTime_whileTheFileIsYoung() throws IOException {
    Path file = write("c.yaml", "a: 1");
    FileTime time = Files.getLastModifiedTime(file);
    now = time.toInstant();
    ConfigSource source = open(file);
    source.poll();
    Files.writeString(file, "a: 2");
    Files.setLastModifiedTime(file, time);
    assertThat(number(source.poll())).isEqualTo(2);
  }

  @Test
  void noticesARename_ofSameSizeAndTime() throws IOException {
    Path file = write("c.yaml", "a: 1");
    ConfigSource source = open(file);
    source.poll();
    Path next = write("next.yaml", "a: 2");
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    assertThat(source.poll()).isEmpty();
    assertThat(number(source.poll())).isEqualTo(2);
  }

  @Test
  void noticesAChangedLink_asKubernetesMakesIt() throws IOException {
    Path one = Files.createDirectory(folder.resolve("..one"));
    Path two = Files.createDirectory(folder.resolve("..two"));
    Files.writeString(one.resolve("c.yaml"), "a: 1");
    Files.writeString(two.resolve("c.yaml"), "a: 2");
    FileTime time = Files.getLastModifiedTime(one.resolve("c.yaml"));
    Files.setLastModifiedTime(two.resolve("c.yaml"), time);
    Path data = Files.createSymbolicLink(folder.resolve("..data"), one.getFileName());
    Path file = Files.createSymbolicLink(folder.resolve("c.yaml"), Path.of("..data/c.yaml"));
    ConfigSource source = open(file);
    assertThat(number(source.poll())).isEqualTo(1);

    Path fresh = Files.createSymbolicLink(folder.resolve("..tmp"), two.getFileName());
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    source.poll();
    assertThat(number(source.poll())).isEqualTo(2);
  }

  @Test
  void saysOnceThatTheFileIsMissing_untilItAppears() throws IOException {
    Path file = folder.resolve("c.yaml");
    ConfigSource source = open(file);
    assertThat(problem(source.poll()))
        .isEqualTo(file + ": expected a file, found nothing at this path");
    assertThat(source.poll()).isEmpty();
    assertThat(source.poll()).isEmpty();
    Files.writeString(file, "a: 1");
    assertThat(source.poll()).isEmpty();
    assertThat(number(source.poll())).isEqualTo(1);
  }

  @Test
  void saysOnceThatTheFileIsGone_andReturnsItWhenItIsBack() throws IOException {
    Path file = write("c.yaml", "a: 1");
    ConfigSource source = open(file);
    source.poll();
    Files.delete(file);
    assertThat(source.poll()).isEmpty();
    assertThat(problem(source.poll())).contains("found nothing");
    assertThat(source.poll()).isEmpty();
    Files.writeString(file, "a: 1");
    assertThat(source.poll()).isEmpty();
    assertThat(number(source.poll())).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNoFile_andWhatIsTooLong() throws IOException {
    assertThat(problem(open(folder).poll())).contains("found a directory");
    Path huge = folder.resolve("huge.yaml");
    Files.write(huge, new byte[FileContent.MAX_BYTES + 1]);
    assertThat(problem(open(huge).poll())).contains("expected at most 16777216 bytes");
  }

  @Test
  void acceptsFileLocations() throws IOException {
    ConfigFileFactory factory = new ConfigFileFactory();
    assertThat(factory.accepts(URI.create("file:conf/osprey.yaml"))).isTrue();
    assertThat(factory.accepts(URI.create("file:///etc/osprey.yaml"))).isTrue();
    assertThat(factory.accepts(URI.create("/etc/osprey.yaml"))).isTrue();
    assertThat(factory.accepts(URI.create("https://example.com/osprey.yaml"))).isFalse();
    assertThat(factory.accepts(URI.create("file://host/osprey.yaml"))).isFalse();
    Path file = write("with space.yaml", "a: 1");
    assertThat(number(factory.open(file.toUri()).poll())).isEqualTo(1);
    assertThat(problem(factory.open(URI.create("file:no/such.yaml")).poll()))
        .startsWith("no/such.yaml");
  }

  private ConfigSource open(Path file) {
    return new ConfigFile(file, () -> now);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static long number(Optional<ConfigDocument> document) {
    assertThat(document).isPresent();
    assertThat(document.get().root().problems().all()).isEmpty();
    return document.get().root().number("a", -1, 0, 100);
  }

  private static String problem(Optional<ConfigDocument> document) {
    assertThat(document).isPresent();
    assertThat(document.get().root().keys()).isEmpty();
    return document.get().root().problems().all().getFirst().toString();
  }
}
