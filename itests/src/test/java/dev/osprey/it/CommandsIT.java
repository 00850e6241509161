package dev.osprey.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.osprey.it.harness.Config;
import dev.osprey.it.harness.Osprey;
import dev.osprey.it.harness.Ports;
import dev.osprey.it.harness.ScriptedUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of a running instance: all are documented, and both ways to them give the same. */
class CommandsIT {
  private static final Path PAGE =
      Path.of(System.getProperty("osprey.basedir", ".."), "docs", "commands.md");

  /** The first words of the first column, between backquotes. */
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]*) \\|");

  private static final Pattern WORD = Pattern.compile("`([a-z][a-z-]*)");
  private static final ScriptedUpstream UPSTREAM = ScriptedUpstream.start();
  private static final Osprey OSPREY = Osprey.start(Config.http(Ports.free(), UPSTREAM.port()));

  @AfterAll
  static void end() {
    assertThat(OSPREY.stop()).isZero();
    UPSTREAM.close();
  }

  @Test
  void theDocumentationNamesEveryCommand_andNoOther() throws IOException {
    Set<String> offered = new LinkedHashSet<>();
    for (JsonElement row : OSPREY.ctl().json("help").getAsJsonArray()) {
      for (String name : row.getAsJsonObject().get("command").getAsString().split(", ", -1)) {
        offered.add(name);
      }
    }
    offered.remove("...");

    assertThat(offered).contains("listeners", "swap", "why-pinned", "lb", "refresh");
    assertThat(documented()).isEqualTo(offered);
  }

  @Test
  void aWordThatIsNoCommandIsRefused() {
    assertThat(OSPREY.ctl().run("listenerz").exit()).isPositive();
    assertThat(OSPREY.command("ctl", "listenerz").exit()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"listeners", "clusters", "generations", "config dump", "help"})
  void theCommandLineGivesWhatTheControlSocketGives(String line) {
    List<String> words = List.of(line.split(" ", -1));
    String command = words.getFirst();
    String[] rest = words.subList(1, words.size()).toArray(String[]::new);

    assertThat(commandLine(words)).isEqualTo(OSPREY.ctl().run(command, rest).orFail());
    List<String> json = new ArrayList<>(words);
    json.add("--json");
    assertThat(JsonParser.parseString(commandLine(json)))
        .isEqualTo(OSPREY.ctl().json(command, rest));
  }

  private static String commandLine(List<String> words) {
    List<String> all = new ArrayList<>(List.of("ctl"));
    all.addAll(words);
    return OSPREY.command(all.toArray(String[]::new)).orFail().out();
  }

  private static Set<String> documented() throws IOException {
    Set<String> names = new LinkedHashSet<>();
    String page = Files.readString(PAGE);
    Matcher rows = ROW.matcher(page.substring(0, page.indexOf("## Statistics")));
    for (MatchResult row : rows.results().toList()) {
      WORD.matcher(row.group(1)).results().forEach(word -> names.add(word.group(1)));
    }
    return names;
  }
}
