package dev.osprey.host.admin;

import dev.osprey.host.control.Fence;
import dev.osprey.host.deploy.Refusal;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;

/**
 * Felix's shell: sessions for the control socket, and this instance's commands among its own.
 * Loaded only where the shell is installed.
 */
@SuppressWarnings("JdkObsolete") // the framework takes a Dictionary
public final class GogoShells implements Shells {
  private final BundleContext context;
  private final CommandProcessor processor;

  private GogoShells(BundleContext context, CommandProcessor processor) {
    this.context = context;
    this.processor = processor;
  }

  /** The shell of this framework; {@link Shells#NONE} when there is none. */
  public static Shells find(BundleContext context) {
    ServiceReference<CommandProcessor> reference =
        context.getServiceReference(CommandProcessor.class);
    CommandProcessor processor = reference == null ? null : context.getService(reference);
    return processor == null ? Shells.NONE : new GogoShells(context, processor);
  }

  /** Makes the commands known to the shell, under the scope {@code osprey}. */
  public static void register(BundleContext context, Commands commands) {
    Map<String, Object> converts = Map.of(Converter.CONVERTER_CLASSES, Bundle.class.getName());
    context.registerService(
        Converter.class, new BundleConverter(context), FrameworkUtil.asDictionary(converts));
    for (Command command : commands.all()) {
      Map<String, Object> properties =
          Map.of(
              CommandProcessor.COMMAND_SCOPE,
              "osprey",
              CommandProcessor.COMMAND_FUNCTION,
              command.name());
      context.registerService(
          Function.class, function(command), FrameworkUtil.asDictionary(properties));
    }
  }

  @Override
  public Shell open(PrintStream out, PrintStream err) {
    return new Session(processor.createSession(InputStream.nullInputStream(), out, err));
  }

  @Override
  public List<String> bundleIds() {
    return Arrays.stream(context.getBundles())
        .map(Bundle::getBundleId)
        .map(String::valueOf)
        .toList();
  }

  private static Function function(Command command) {
    return (session, arguments) -> {
      List<String> words = new ArrayList<>();
      arguments.forEach(argument -> words.add(String.valueOf(argument)));
      boolean json = words.remove("--json");
      session.getConsole().print(command.run(words, json));
      return null;
    };
  }

  /** One session of the shell. */
  private record Session(CommandSession session) implements Shell {
    @Override
    public void run(String line) throws Refusal {
      try {
        Object result = session.execute(line);
        if (result != null) {
          session.getConsole().println(session.format(result, Converter.INSPECT));
        }
      } catch (Refusal refusal) {
        throw refusal;
      } catch (Exception failure) {
        throw new Refusal(String.valueOf(failure.getMessage()));
      }
    }

    @Override
    public List<String> commands() {
      List<String> names = new ArrayList<>();
      if (session.get(".commands") instanceof Collection<?> all) {
        all.forEach(name -> {
          String text = String.valueOf(name);
          names.add(text.substring(text.indexOf(':') + 1));
        });
      }
      return names;
    }

    @Override
    public void close() {
      Fence.run("close", session::close);
    }
  }
}
