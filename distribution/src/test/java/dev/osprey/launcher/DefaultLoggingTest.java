package dev.osprey.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.status.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is logged by default, in code, and in the example that operators copy. */
final class DefaultLoggingTest {
  private final LoggerContext context = new LoggerContext();

  @Test
  void logsOspreyFromInfoAndTheRestFromWarnOnStandardError() {
    assertThat(new DefaultLogging().configure(context))
        .isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);

    assertThatItIsTheDefault();
  }

  @Test
  void theExampleSaysTheSame() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("src/conf/logback-example.xml").toFile());

    assertThat(context.getStatusManager().getCopyOfStatusList())
        .allMatch(status -> status.getLevel() == Status.INFO);
    assertThatItIsTheDefault();
  }

  @Test
  void leavesItToAFileThatIsNamed() {
    System.setProperty(Logging.FILE, "file:/etc/osprey/logback.xml");
    try {
      assertThat(new DefaultLogging().configure(context))
          .isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
    } finally {
      System.clearProperty(Logging.FILE);
    }
  }

  private void assertThatItIsTheDefault() {
    assertThat(context.getLogger("dev.osprey.host").getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.WARN);
    var appenders = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    assertThat(appenders.hasNext()).isTrue();
    ConsoleAppender<ILoggingEvent> console = (ConsoleAppender<ILoggingEvent>) appenders.next();
    assertThat(console.getTarget()).isEqualTo("System.err");
    assertThat(((PatternLayoutEncoder) console.getEncoder()).getPattern())
        .isEqualTo(DefaultLogging.PATTERN);
    assertThat(appenders.hasNext()).isFalse();
  }
}
