package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BannerTest {
  private static final String STATUS =
      """
      {"listeners":[{"name":"demo","address":"127.0.0.1","port":12345}],
       "deploy":"/x/my deploy","data":"/x/data","ctl":"/x/data/ctl.sock"}
      """;

  @TempDir Path temp;
  private Home home;

  @BeforeEach
  void archive() throws Exception {
    home = new Home(temp);
    Files.createDirectories(home.demo());
    Files.createDirectories(home.platform());
    Files.writeString(home.demo().resolve("osprey-codec-http1-1.0.1.jar"), "");
    Files.writeString(home.platform().resolve("osprey-host-9.8.7.jar"), "");
  }

  @Test
  void showsUrlsCommandsAndTheDeployFolder() {
    String text = demo(12_345, home.defaultData());

    assertThat(text)
        .startsWith("Osprey 9.8.7 serves")
        .contains("http://127.0.0.1:12345/hello")
        .contains("\n  curl -i http://127.0.0.1:12345/echo\n")
        .contains("\n  cp " + temp + "/system/demo/osprey-codec-http1-1.0.1.jar '/x/my deploy'\n")
        .contains("\n  " + temp + "/bin/osprey ctl reports\n")
        .contains("\n  /x/my deploy\n");
  }

  @Test
  void saysAloudThatTheUsualPortIsTaken() {
    assertThat(demo(12_345, home.defaultData())).contains("Port 10000 is taken");
    assertThat(demo(10_000, home.defaultData())).doesNotContain("taken");
  }

  @Test
  void namesTheDataFolderInCommands_whenItIsNotTheDefault() {
    assertThat(demo(10_000, Path.of("/y/it's"))).contains(" ctl --data '/y/it'\\''s' reports");
  }

  @Test
  void listsListenersOfAConfiguration() {
    String text = new Banner(home, home.defaultData()).plain(STATUS);

    assertThat(text)
        .contains(
            "listener demo on 127.0.0.1:12345", "deploy folder /x/my deploy", "ctl extensions");
  }

  private String demo(int port, Path data) {
    DemoConfig config = new DemoConfig(temp.resolve("demo.yaml"), port);
    return new Banner(home, data).demo(STATUS.replace("12345", Integer.toString(port)), config);
  }
}
