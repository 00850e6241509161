package dev.osprey.host.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployFolderTest {
  private static final byte[] JAR = TestJars.bundle("test", "1.0.0", "a");

  @TempDir Path temp;
  private Path deploy;
  private ContentStore store;
  private DeployFolder folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void open() throws Exception {
    deploy = Files.createDirectories(temp.resolve("deploy"));
    store = new ContentStore(temp.resolve("bundles"));
    folder = watch(Map.of());
  }

  @Test
  void takesAFile_whenTwoLooksSeeTheSame() throws Exception {
    assertThat(folder.look()).isEmpty();
    put("a.jar", JAR);
    assertThat(folder.look()).isEmpty();
    assertThat(folder.look())
        .singleElement()
        .isInstanceOfSatisfying(
            DeployFolder.Finding.Changed.class,
            changed -> assertThat(changed.content().symbolicName()).isEqualTo("test"));
    assertThat(folder.look()).isEmpty();
  }

  @Test
  void takesOldFilesAtTheFirstLook_theHighestVersionLast() throws Exception {
    put("a.jar", TestJars.bundle("test", "1.10.0", "a"));
    put("b.jar", TestJars.bundle("test", "1.9.0", "b"));
    now = now.plusSeconds(60);
    assertThat(folder.look())
        .map(finding -> ((DeployFolder.Finding.Changed) finding).name())
        .containsExactly("b.jar", "a.jar");
  }

  @Test
  void waitsForAHalfCopiedFile_andKeepsWhatItReplaces() throws Exception {
    take("a.jar", JAR);
    byte[] next = TestJars.bundle("test", "1.0.1", "b");
    put("a.jar", Arrays.copyOf(next, next.length / 2));
    assertThat(folder.look()).isEmpty();
    assertThat(folder.look()).isEmpty();
    put("a.jar", next);
    assertThat(folder.look()).isEmpty();
    assertThat(folder.look()).singleElement().isInstanceOf(DeployFolder.Finding.Changed.class);
  }

  @Test
  void refusesAFileThatStaysBad_once() throws Exception {
    take("a.jar", JAR);
    put("a.jar", "garbage".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    folder.look();
    now = now.plusSeconds(3);
    assertThat(folder.look())
        .singleElement()
        .isInstanceOfSatisfying(
            DeployFolder.Finding.Bad.class,
            bad -> assertThat(bad.why()).startsWith("it is not a whole jar"));
    now = now.plusSeconds(3);
    assertThat(folder.look()).isEmpty();
  }

  @Test
  void refusesAJarThatOffersNothing() throws Exception {
    put("a.jar", TestJars.jar(Map.of("Bundle-SymbolicName", "x"), Map.of()));
    folder.look();
    now = now.plusSeconds(3);
    assertThat(folder.look())
        .singleElement()
        .isInstanceOfSatisfying(
            DeployFolder.Finding.Bad.class,
            bad -> assertThat(bad.why()).contains("dev.osprey.extension"));
  }

  @Test
  void findsADamagedEntry() throws Exception {
    byte[] damaged = TestJars.bundle("test", "1.0.0", "a".repeat(5000));
    byte[] mark = "mark.txt".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    damaged[indexOf(damaged, mark) + mark.length + 5] ^= 0x55;
    put("a.jar", damaged);
    folder.look();
    now = now.plusSeconds(3);
    assertThat(folder.look()).singleElement().isInstanceOf(DeployFolder.Finding.Bad.class);
  }

  @Test
  void tellsThatAFileIsGone() throws Exception {
    take("a.jar", JAR);
    Files.delete(deploy.resolve("a.jar"));
    assertThat(folder.look()).containsExactly(new DeployFolder.Finding.Removed("a.jar"));
  }

  @Test
  void nothingIsRemoved_whileTheFolderItselfCantBeRead() throws Exception {
    take("a.jar", JAR);
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(deploy, elsewhere);
    assertThat(folder.look())
        .singleElement()
        .isInstanceOfSatisfying(
            DeployFolder.Finding.Bad.class,
            bad ->
                assertThat(bad.why())
                    .startsWith("the folder can't be read, the code in use stays"));
    assertThat(folder.look()).as("it is said once").isEmpty();
    Files.move(elsewhere, deploy);
    assertThat(folder.look()).as("nothing has changed").isEmpty();
    Files.delete(deploy.resolve("a.jar"));
    assertThat(folder.look()).containsExactly(new DeployFolder.Finding.Removed("a.jar"));
  }

  @Test
  void takesAFileThatCouldNotBeKept_onceThereIsRoom() throws Exception {
    folder.look();
    Path bundles = temp.resolve("bundles");
    Files.delete(bundles);
    put("a.jar", JAR);
    folder.look();
    now = now.plusSeconds(3);
    assertThat(folder.look())
        .singleElement()
        .isInstanceOfSatisfying(
            DeployFolder.Finding.Bad.class,
            bad -> assertThat(bad.why()).startsWith("it can't be read or kept now"));
    assertThat(folder.look()).as("it is said once").isEmpty();
    assertThat(folder.isRestless()).isFalse();
    Files.createDirectory(bundles);
    assertThat(folder.look()).singleElement().isInstanceOf(DeployFolder.Finding.Changed.class);
  }

  @Test
  void aFileOfTheLastRunHasNotChanged_unlessItsContentHas() throws Exception {
    Content known = store.add(JAR);
    put("a.jar", JAR);
    put("b.jar", TestJars.bundle("test", "1.0.1", "b"));
    now = now.plusSeconds(60);
    folder = watch(Map.of("a.jar", known.hash(), "b.jar", known.hash(), "c.jar", known.hash()));
    assertThat(folder.look())
        .map(DeployFolderTest::name)
        .containsExactlyInAnyOrder("b.jar", "c.jar gone");
  }

  private static String name(DeployFolder.Finding finding) {
    return switch (finding) {
      case DeployFolder.Finding.Changed changed -> changed.name();
      case DeployFolder.Finding.Removed removed -> removed.name() + " gone";
      case DeployFolder.Finding.Bad bad -> bad.name() + " bad";
    };
  }

  private void take(String name, byte[] jar) throws Exception {
    folder.look();
    put(name, jar);
    folder.look();
    List<DeployFolder.Finding> findings = folder.look();
    assertThat(findings).hasSize(1);
  }

  private void put(String name, byte[] bytes) throws Exception {
    Path file = deploy.resolve(name);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.from(now));
  }

  private DeployFolder watch(Map<String, String> known) {
    return new DeployFolder(deploy, store, () -> now, known);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; ; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
  }
}
