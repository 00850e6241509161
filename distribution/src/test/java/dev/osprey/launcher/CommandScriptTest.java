package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code bin/osprey} against folders that only look like a Java. */
final class CommandScriptTest {
  @TempDir Path temp;
  private Path script;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void installScript() throws Exception {
    script = temp.resolve("an archive/bin/osprey");
    Files.createDirectories(script.getParent());
    Files.copy(Path.of("src/bin/osprey"), script);
    script.toFile().setExecutable(true);
    environment.put("OSPREY_JAVA_FOLDERS", temp.resolve("jvm").toString());
  }

  @Test
  void prefersItsOwnVariable() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("own", "25.0.1"));
    environment.put("JAVA_HOME", java("usual", "26"));

    assertThat(run("check")).startsWith("own ");
  }

  @Test
  void passesOverATooOldJava() throws Exception {
    environment.put("JAVA_HOME", java("old", "17.0.15"));
    java("jvm/usual", "26-ea");

    assertThat(run("check")).startsWith("usual ");
  }

  @Test
  void takesNoOtherJavaThanTheOneChosenForIt() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("old", "17.0.15"));
    environment.put("JAVA_HOME", java("usual", "25"));

    assertThat(run("check"))
        .startsWith("exit 1: osprey: OSPREY_JAVA_HOME=" + temp.resolve("old") + " is no Java 25");
  }

  @Test
  void takesJavaFromThePath_throughLinks() throws Exception {
    Path bin = Files.createDirectories(temp.resolve("path"));
    Path real = Path.of(java("linked", "25"));
    Files.createSymbolicLink(bin.resolve("java"), real.resolve("bin/java"));
    environment.put("PATH", bin + ":/usr/bin:/bin");

    assertThat(run("check")).startsWith("linked ");
  }

  @Test
  void looksInTheUsualFolders_thoseNamed25First() throws Exception {
    java("jvm/a-26", "26");
    java("jvm/z-25", "25.0.3");

    assertThat(run("check")).startsWith("z-25 ");
  }

  @Test
  void saysWhatToInstall_whenThereIsNone() throws Exception {
    java("jvm/old-17", "17.0.15");
    Files.createDirectories(temp.resolve("jvm/no-java-25"));

    assertThat(run("run"))
        .startsWith("exit 1: osprey: needs Java 25")
        .contains("OSPREY_JAVA_HOME", temp.resolve("jvm").toString());
  }

  @Test
  void handsItsFolderAndArgumentsOn_throughALink() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("own", "25"));
    Path link = Files.createSymbolicLink(temp.resolve("osprey"), script);
    script = link;
    Path home = temp.resolve("an archive");

    assertThat(run("ctl", "a b", "--json"))
        .contains("<-Dosprey.home=" + home + ">")
        .contains("<-XX:TieredStopAtLevel=1>")
        .contains("<" + home + "/system/launcher/*:" + home + "/system/platform/*>")
        .endsWith("<dev.osprey.launcher.Main> <ctl> <a b> <--json>");
  }

  @Test
  void letsItsUserChooseHeapAndCollector() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("own", "25"));
    environment.put("OSPREY_COLLECTOR", "serial");
    assertThat(run("run"))
        .contains("<-Xmx256m>", "<-Xmn24m>", "<-XX:+UseSerialGC>", "<-Dosprey.collector=serial>")
        .doesNotContain("heap.adapts");

    environment.put("OSPREY_JAVA_OPTS", "-XX:+UseZGC -Xmx2g");
    assertThat(run("run"))
        .contains("<-Xmx256m> <-XX:+UseZGC> <-Xmx2g>")
        .doesNotContain("Serial", "-Xmn");
  }

  @Test
  void aNewerJavaMayLackAFlag_andStartsAllTheSame() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("newer", "26"));
    assertThat(run("run")).contains("<-XX:+IgnoreUnrecognizedVMOptions>");

    environment.put("OSPREY_JAVA_HOME", java("own", "25"));
    assertThat(run("run")).doesNotContain("IgnoreUnrecognizedVMOptions");
  }

  @Test
  void takesAConcurrentCollectorUnlessToldOtherwise() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("own", "25"));
    assertThat(run("run"))
        .contains("<-XX:+UseShenandoahGC>", "<-XX:SoftMaxHeapSize=40m>", "<-Xms24m>")
        .contains("<-Dosprey.heap.adapts=true>");

    environment.put("OSPREY_JAVA_OPTS", "-Xmx24m");
    assertThat(run("run")).contains("Shenandoah").doesNotContain("SoftMax", "-Xms");

    environment.put("OSPREY_JAVA_OPTS", "-XX:+UseSerialGC");
    assertThat(run("run")).contains("SerialGC").doesNotContain("Shenandoah", "heap.adapts");
    assertThat(run("check")).contains("SerialGC").doesNotContain("Shenandoah");

    environment.put("OSPREY_COLLECTOR", "g1");
    assertThat(run("run"))
        .startsWith(
            "exit 2: osprey: OSPREY_COLLECTOR: expected serial or concurrent, found \"g1\"");
  }

  @Test
  void takesTheSerialCollectorWhereJavaHasNoConcurrentOne_andSaysSo() throws Exception {
    String home = java("own", "25", "Oracle Corporation");
    environment.put("OSPREY_JAVA_HOME", home);
    assertThat(run("run"))
        .contains(home + " has no Shenandoah collector", "<-XX:+UseSerialGC>", "<-Xmn24m>");

    environment.put("OSPREY_JAVA_OPTS", "-XX:+UseG1GC");
    assertThat(run("run")).contains("UseG1GC").doesNotContain("Shenandoah", "Serial");

    environment.remove("OSPREY_JAVA_OPTS");
    Path vm = Files.createDirectories(Path.of(home, "lib/server")).resolve("libjvm.so");
    Files.writeString(vm, "\0ShenandoahGCMode\0");
    assertThat(run("run")).contains("<-XX:+UseShenandoahGC>").doesNotContain("Serial");
  }

  @Test
  void usesTheCacheThatTrainMade_unlessToldOtherwise() throws Exception {
    environment.put("OSPREY_JAVA_HOME", java("own", "25"));
    assertThat(run("run")).doesNotContain("AOT");

    Path cache = Files.createDirectories(temp.resolve("an archive/system")).resolve("osprey.aot");
    Files.createFile(cache);
    assertThat(run("run")).contains("<-XX:AOTCache=" + cache + ">");
    assertThat(run("check")).doesNotContain("AOT");

    environment.put("OSPREY_JAVA_OPTS", "-XX:AOTCacheOutput=other");
    assertThat(run("run")).doesNotContain("AOTCache=");
  }

  /** Makes a folder whose java prints the folder's name and its arguments. */
  private String java(String name, String version) throws IOException {
    return java(name, version, "Debian");
  }

  private String java(String name, String version, String implementor) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name));
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"%s\"\nJAVA_VERSION=\"%s\"\nOS=\"y\"\n".formatted(implementor, version));
    String program = "#!/bin/sh\nprintf '%s' '" + home.getFileName() + "'\nprintf ' <%s>' \"$@\"\n";
    Path java = Files.writeString(home.resolve("bin/java"), program);
    java.toFile().setExecutable(true);
    return home.toString();
  }

  private String run(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(Stream.of("/bin/sh", script.toString()), Stream.of(arguments)).toList());
    builder.environment().keySet().removeAll(List.of("OSPREY_JAVA_HOME", "JAVA_HOME"));
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? output : "exit " + exit + ": " + output;
  }
}
