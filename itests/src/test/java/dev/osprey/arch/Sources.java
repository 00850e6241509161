package dev.osprey.arch;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Rules on sources, where classes do not tell. Each returns what breaks it, in words. */
final class Sources {
  /** Words that only those say who read or write a protocol. */
  private static final Pattern PROTOCOL =
      Pattern.compile(
          "HTTP/\\d|\\b(GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS) |\\r\\n"
              + "|(?i)\\b(content-length|transfer-encoding|chunked|100-continue|keep-alive"
              + "|x-forwarded-[a-z]+|proxy-connection|connection:|host:|upgrade:|websocket"
              + "|sec-websocket-[a-z]+|PRI \\*)\\b");

  private final List<Path> files;

  Sources(List<Path> files) {
    this.files = files;
  }

  /** Catches of Throwable in types whose name does not end in Fence. */
  List<String> catchesOfThrowable() {
    return scan((unit, out) ->
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
          private boolean fence;

          @Override
          public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            boolean before = fence;
            fence |= type.getSimpleName().toString().endsWith("Fence");
            super.visitClass(type, null);
            fence = before;
            return null;
          }

          @Override
          public @Nullable Void visitCatch(CatchTree caught, @Nullable Void nothing) {
            String type = caught.getParameter().getType().toString();
            if (!fence && List.of(type.split("[ |]+")).contains("Throwable")) {
              out.add(unit.at(caught) + "catches Throwable and is no fence");
            }
            return super.visitCatch(caught, null);
          }
        });
  }

  /** Literals that hold words of a protocol. */
  List<String> protocolWords() {
    return scan((unit, out) ->
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
          @Override
          public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void nothing) {
            if (literal.getValue() instanceof String text && PROTOCOL.matcher(text).find()) {
              out.add(unit.at(literal) + "speaks a protocol: \"" + text + "\"");
            }
            return null;
          }
        });
  }

  /** Methods of more lines than that. */
  List<String> methodsLongerThan(int most) {
    return scan((unit, out) ->
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
          @Override
          public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long lines = method.getBody() == null ? 1 : unit.lines(method);
            if (lines > most) {
              out.add(unit.at(method) + method.getName() + " has " + lines + " lines");
            }
            return super.visitMethod(method, null);
          }
        });
  }

  /** Warnings that are suppressed without a comment that says why: behind it, or a line above. */
  List<String> suppressionsWithoutReason() {
    return scan((unit, out) ->
        new TreePathScanner<@Nullable Void, @Nullable Void>() {
          @Override
          public @Nullable Void visitAnnotation(AnnotationTree it, @Nullable Void nothing) {
            if (it.getAnnotationType().toString().endsWith("SuppressWarnings")
                && !unit.restOfLine(it).startsWith("//")
                && !unit.lineAbove(it).startsWith("//")) {
              out.add(unit.at(it) + "does not say why: " + it);
            }
            return super.visitAnnotation(it, null);
          }
        });
  }

  /** Files of more lines of code than that; comments and empty lines do not count. */
  List<String> filesLongerThan(int most) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      long lines = codeLines(file);
      if (lines > most) {
        found.add(file + " has " + lines + " lines of code");
      }
    }
    return found;
  }

  private static long codeLines(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .filter(line -> !line.startsWith("*") && !line.startsWith("/*") && !line.startsWith("//"))
          .count();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Makes a visitor of one file. */
  private interface Visits {
    TreePathScanner<@Nullable Void, @Nullable Void> of(Unit unit, List<String> out);
  }

  /** A parsed file. */
  private record Unit(CompilationUnitTree tree, SourcePositions positions) {
    String at(Tree node) {
      long start = positions.getStartPosition(tree, node);
      return tree.getSourceFile().getName() + ":" + line(start) + ": ";
    }

    long lines(Tree node) {
      return line(positions.getEndPosition(tree, node))
          - line(positions.getStartPosition(tree, node))
          + 1;
    }

    /** What stands behind a node on its last line. */
    String restOfLine(Tree node) {
      return text()
          .substring((int) positions.getEndPosition(tree, node))
          .lines()
          .findFirst()
          .orElse("")
          .strip();
    }

    /** The line above the first one of a node. */
    String lineAbove(Tree node) {
      long first = line(positions.getStartPosition(tree, node));
      return first < 2 ? "" : text().lines().skip(first - 2).findFirst().orElse("").strip();
    }

    private String text() {
      try {
        return tree.getSourceFile().getCharContent(true).toString();
      } catch (IOException unreadable) {
        throw new UncheckedIOException(unreadable);
      }
    }

    private long line(long position) {
      LineMap map = tree.getLineMap();
      return map.getLineNumber(position);
    }
  }

  private List<String> scan(Visits visits) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> found = new ArrayList<>();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree tree : task.parse()) {
        visits.of(new Unit(tree, positions), found).scan(tree, null);
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return found;
  }
}
