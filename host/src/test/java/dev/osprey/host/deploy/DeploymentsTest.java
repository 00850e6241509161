package dev.osprey.host.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentsTest {
  @TempDir Path folder;
  private ContentStore store;
  private Deployments deployments;

  @BeforeEach
  void open() throws Exception {
    store = new ContentStore(folder.resolve("bundles"));
    deployments = restarted();
  }

  @Test
  void theFileThatChangedLastWins_whateverItsVersion() throws Exception {
    deployments.system("s.jar", content("1.5.0", "s"));
    assertThat(wanted()).isEqualTo("1.5.0");
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.changed("b.jar", content("1.0.0", "b"));
    assertThat(wanted()).isEqualTo("1.0.0");
    deployments.changed("a.jar", content("2.0.0", "a again"));
    assertThat(wanted()).isEqualTo("2.0.0");
  }

  @Test
  void removingBringsBackTheNextFile_thenTheSystems() throws Exception {
    deployments.system("s.jar", content("1.5.0", "s"));
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.changed("b.jar", content("1.0.0", "b"));
    deployments.removed("b.jar");
    assertThat(wanted()).isEqualTo("2.0.0");
    deployments.removed("a.jar");
    assertThat(wanted()).isEqualTo("1.5.0");
  }

  @Test
  void theChoiceSurvivesARestart() throws Exception {
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.changed("b.jar", content("1.0.0", "b"));
    deployments.save();
    deployments = restarted();
    assertThat(wanted()).isEqualTo("1.0.0");
    assertThat(deployments.files()).containsOnlyKeys("a.jar", "b.jar");
  }

  @Test
  void goesBackToASystemFile_alsoAfterARestart() throws Exception {
    Content system = content("1.5.0", "s");
    deployments.system("s.jar", system);
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.backTo(system);
    assertThat(wanted()).isEqualTo("1.5.0");
    deployments.save();
    deployments = restarted();
    deployments.system("s.jar", system);
    assertThat(wanted()).isEqualTo("1.5.0");
  }

  @Test
  void remembersWhatRanBefore() throws Exception {
    Content first = content("1.0.0", "1");
    Content second = content("1.0.1", "2");
    deployments.inUse(Map.of("test", first.hash()));
    deployments.inUse(Map.of("test", second.hash()));
    deployments.inUse(Map.of("test", second.hash()));
    assertThat(deployments.former("test")).contains(first);
  }

  @Test
  void keepsWhatRan_whenNobodyWantsItAnyMore() throws Exception {
    Content content = content("1.0.0", "1");
    deployments.changed("a.jar", content);
    deployments.inUse(Map.of("test", content.hash()));
    deployments.removed("a.jar");
    deployments.save();
    deployments = restarted();
    assertThat(deployments.wanted()).isEmpty();
    assertThat(deployments.leftOver()).containsExactly(content);
  }

  @Test
  void aWithdrawnFileIsOut_untilItChanges() throws Exception {
    deployments.system("s.jar", content("1.5.0", "s"));
    Candidate file = deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.withdraw(file);
    assertThat(wanted()).isEqualTo("1.5.0");
    deployments.changed("a.jar", content("2.0.0", "a again"));
    assertThat(wanted()).isEqualTo("2.0.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\0\0\0\0\0\0\0\0",
        "no JSON",
        "[]",
        "null",
        "{}",
        "{'sequence': 1, 'entries': [null], 'running': {}, 'former': {}}",
        "{'sequence': 1, 'entries': [{'name': 'a.jar'}], 'running': {}, 'former': {}}",
        "{'sequence': 1, 'entries': [{'name': 'a', 'hash': 'b', 'source': 'MOON'}],"
            + " 'running': {}, 'former': {}}",
        "{'sequence': 1, 'entries': [], 'running': {'test': null}, 'former': {}}",
        "{'sequence': 1e99, 'entries': [], 'running': {}, 'former': {}}",
      })
  void setsADamagedRecordAside_andGoesOnWithoutIt(String text) throws Exception {
    Files.writeString(folder.resolve("deploy.json"), text);
    assertThat(restarted().wanted()).isEmpty();
    assertThat(folder.resolve("deploy.json")).doesNotExist();
    assertThat(folder.resolve("deploy.json.damaged")).hasContent(text);
  }

  @Test
  void readsNoRecordThatWasCut_whereverThatWas() throws Exception {
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.save();
    String whole = Files.readString(folder.resolve("deploy.json")).strip();
    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(folder.resolve("deploy.json"), whole.substring(0, length));
      assertThat(restarted().wanted()).as("%d characters", length).isEmpty();
    }
    deployments = restarted();
    deployments.changed("a.jar", content("1.0.0", "a"));
    deployments.save();
    deployments = restarted();
    assertThat(wanted()).as("a record is kept again").isEqualTo("1.0.0");
  }

  @Test
  void writesTheRecordOnlyWhenItHasChanged() throws Exception {
    deployments.changed("a.jar", content("2.0.0", "a"));
    deployments.save();
    Files.delete(folder.resolve("deploy.json"));
    deployments.save();
    assertThat(folder.resolve("deploy.json")).doesNotExist();
    deployments.removed("a.jar");
    deployments.save();
    assertThat(folder.resolve("deploy.json")).exists();
  }

  private String wanted() {
    return deployments.wanted().get("test").getFirst().content().version();
  }

  private Content content(String version, String mark) throws Exception {
    return store.add(TestJars.bundle("test", version, mark));
  }

  private Deployments restarted() throws Exception {
    return new Deployments(folder.resolve("deploy.json"), store);
  }
}
