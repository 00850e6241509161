package dev.osprey.config.file;

import dev.osprey.spi.config.ConfigNode;
import dev.osprey.spi.config.Position;
import dev.osprey.spi.config.Problem;
import dev.osprey.spi.config.Problems;
import dev.osprey.spi.source.ConfigDocument;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Text to tree: YAML 1.2, of which JSON is a part. Mistakes end up among the tree's problems. */
final class ConfigText {
  private ConfigText() {}

  static ConfigDocument document(FileContent content, String source) {
    Problems problems = new Problems();
    String failure = content.failure();
    ConfigNode root =
        failure == null
            ? parse(content.bytes(), source, problems)
            : nothing(new Position(source, 0, 0), problems, failure);
    return new ConfigDocument(root, content.version());
  }

  private static ConfigNode parse(byte[] bytes, String source, Problems problems) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new TreeReader(source, problems, events(text, source)).read();
    } catch (CharacterCodingException e) {
      return nothing(new Position(source, 0, 0), problems, "expected text in UTF-8");
    } catch (UnreadableDocument e) {
      return nothing(e.position(), problems, e.text());
    } catch (MarkedYamlEngineException e) {
      return nothing(positionOf(e, source), problems, describe(e));
    } catch (ReaderException e) {
      return nothing(
          new Position(source, 0, 0),
          problems,
          "expected printable text, found character U+%04X at offset %d"
              .formatted(e.getCodePoint(), e.getPosition()));
    } catch (YamlEngineException e) {
      return nothing(new Position(source, 0, 0), problems, "not well-formed: " + e.getMessage());
    }
  }

  private static Iterable<Event> events(String text, String source) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source)
            .setSchema(new CoreSchema())
            .setCodePointLimit(FileContent.MAX_BYTES + 1)
            .setUseMarks(true)
            .build();
    return new Parse(settings).parseString(text.startsWith("\ufeff") ? text.substring(1) : text);
  }

  private static Position positionOf(MarkedYamlEngineException e, String source) {
    return e.getProblemMark()
        .or(e::getContextMark)
        .map(mark -> new Position(source, mark.getLine() + 1, mark.getColumn() + 1))
        .orElseGet(() -> new Position(source, 0, 0));
  }

  private static String describe(MarkedYamlEngineException e) {
    String context = e.getContext() == null ? "" : " " + e.getContext();
    String from =
        e.getContextMark().map(mark -> " that begins in line " + (mark.getLine() + 1)).orElse("");
    return "not well-formed:" + context + (context.isEmpty() ? " " : from + ": ") + e.getProblem();
  }

  private static ConfigNode nothing(Position position, Problems problems, String why) {
    problems.add(new Problem(position, "", why));
    return ConfigNode.map(Map.of(), position, "", problems);
  }
}
