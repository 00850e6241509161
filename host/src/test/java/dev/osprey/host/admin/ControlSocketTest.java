package dev.osprey.host.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.osprey.host.control.Kernel;
import dev.osprey.host.control.TestKernel;
import dev.osprey.host.deploy.TestJars;
import dev.osprey.host.stats.Stats;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {
  @TempDir Path folder;
  private Kernel kernel;
  private ControlSocket socket;

  /** What came back. */
  private record Answer(String out, String err, int exit) {}

  @BeforeEach
  void open() throws Exception {
    kernel = TestKernel.start(folder);
    socket = open(folder.resolve("data"));
  }

  @AfterEach
  void close() {
    socket.close();
    kernel.close();
  }

  @Test
  void onlyTheOwnerMayUseIt() throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.path())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("data"))))
        .isEqualTo("rwx------");
  }

  @Test
  void answersForPeopleAndForPrograms() throws Exception {
    Answer table = ask("{'command':'extensions','args':[],'json':false}");
    assertThat(table.out()).startsWith("name").contains("tcp_proxy");
    assertThat(table.exit()).isZero();
    Answer json = ask("{'command':'extensions','args':['--json']}");
    JsonArray all = JsonParser.parseString(json.out()).getAsJsonArray();
    assertThat(all).hasSize(3);
    JsonObject network = all.get(2).getAsJsonObject();
    assertThat(network.get("kind").getAsString()).isEqualTo("network");
    assertThat(network.get("state").getAsString()).isEqualTo("active");
  }

  @Test
  void refusesWordsThatACommandDoesNotTake_andDrainsNothing() throws Exception {
    for (String command : List.of("drain", "listeners", "stats")) {
      Answer refused = ask("{'command':'" + command + "','args':['http']}");
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).isEqualTo("\"" + command + "\" takes no words, found http\n");
    }
    assertThat(ask("{'command':'extensions','args':[]}").exit()).isZero();
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    assertThat(ask("{'command':'swap','args':[]}").err())
        .isEqualTo("expected one name, found none; \"extensions\" lists them\n");
    assertThat(ask("{'command':'reports','args':['x']}").err())
        .isEqualTo("expected a number, found \"x\"\n");
    assertThat(ask("{'command':'deploy','args':['/nowhere/a.jar']}").err())
        .isEqualTo("/nowhere/a.jar: it can't be read: there is no such file\n");
  }

  @Test
  void showsTheConfigurationInUse() throws Exception {
    Answer dump = ask("{'command':'config','args':['dump']}");
    JsonElement read = JsonParser.parseString(dump.out());
    assertThat(read.getAsJsonObject().has("static_resources")).isTrue();
  }

  @Test
  void swapsAndDeploys_andAnswersWithTheReports() throws Exception {
    assertThat(ask("{'command':'swap','args':['tcp_proxy']}").out()).contains("PUBLISHED");
    Path jar = Files.write(folder.resolve("a.jar"), TestJars.bundle("test.tcp", "1.0.1", ""));
    Answer deployed = ask("{'command':'deploy','args':['" + jar + "'],'json':true}");
    JsonObject report =
        JsonParser.parseString(deployed.out()).getAsJsonArray().get(0).getAsJsonObject();
    assertThat(report.get("result").getAsString()).isEqualTo("published");
    assertThat(ask("{'command':'back','args':['tcp_proxy']}").out()).contains("1.0.1 (bundle");
    assertThat(Files.exists(folder.resolve("deploy/a.jar"))).isTrue();
  }

  @Test
  void tellsWhatIsWrong_withExitCode1() throws Exception {
    Answer unknown = ask("{'command':'swap','args':['tcp_prox']}");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("(did you mean \"tcp_proxy\"?)");
    assertThat(ask("nonsense").exit()).isEqualTo(1);
    assertThat(ask("{'command':'lb','line':true}").err()).contains("no shell is installed");
    assertThat(ask("{'command':'deploy','args':['/no/such.jar']}").err()).contains("/no/such.jar");
  }

  @Test
  void completesCommandsAndTheirWords() throws Exception {
    assertThat(ask("{'command':'complete','args':['ex','2']}").out()).isEqualTo("[\"extensions\"]");
    assertThat(ask("{'command':'complete','args':['swap tcp','8']}").out())
        .isEqualTo("[\"tcp_proxy\"]");
    assertThat(ask("{'command':'complete','args':['config ','7']}").out()).isEqualTo("[\"dump\"]");
  }

  @Test
  void takesAShortName_whereTheDataFoldersIsTooLong() throws Exception {
    Path deep = Files.createDirectories(folder.resolve("x".repeat(120)));
    ControlSocket other = open(deep);
    Path named = Path.of(Files.readString(deep.resolve("ctl.path")).strip());
    assertThat(named).isEqualTo(other.path()).exists();
    other.close();
    assertThat(named).doesNotExist();
    assertThat(deep.resolve("ctl.path")).doesNotExist();
  }

  private ControlSocket open(Path data) throws Exception {
    return ControlSocket.open(
        data,
        new Commands(kernel, new Stats(), new HeapDumps(data.resolve("dumps")), () -> {}),
        () -> Shells.NONE);
  }

  private Answer ask(String request) throws Exception {
    StringBuilder out = new StringBuilder();
    StringBuilder err = new StringBuilder();
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket.path()))) {
      String line = request.replace('\'', '"') + "\n";
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      while (true) {
        JsonObject answer = JsonParser.parseString(reader.readLine()).getAsJsonObject();
        if (answer.has("exit")) {
          return new Answer(out.toString(), err.toString(), answer.get("exit").getAsInt());
        }
        (answer.has("out") ? out : err)
            .append(answer.get(answer.has("out") ? "out" : "err").getAsString());
      }
    }
  }
}
