package dev.osprey.it.harness;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.osprey.spi.Runs;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A method of the contracts that a bundle implements and the host calls.
 *
 * @param type the interface's simple name; inherited methods count for every one that inherits
 * @param where from where the host calls it
 */
public record Callback(String type, String method, Runs.Where where) {
  /** All of them, found in the contracts themselves. */
  public static List<Callback> all() {
    return new ClassFileImporter()
        .importPackages("dev.osprey.spi").stream()
            .filter(type -> type.isInterface() && type.isAnnotatedWith(ConsumerType.class))
            .filter(type -> isImplementedItself(type))
            .flatMap(Callback::of)
            .distinct()
            .sorted(java.util.Comparator.comparing(Callback::toString))
            .toList();
  }

  /** {@code Codec} and {@code Factory} are only ever met as one of their kinds. */
  private static boolean isImplementedItself(JavaClass type) {
    return type.getAllSubclasses().stream().noneMatch(it -> it.isAnnotatedWith(ConsumerType.class));
  }

  private static Stream<Callback> of(JavaClass type) {
    return type.getAllMethods().stream()
        .filter(it -> it.getOwner().getPackageName().startsWith("dev.osprey.spi"))
        .filter(it -> !it.getModifiers().contains(JavaModifier.STATIC))
        .filter(it -> !it.getName().startsWith("lambda$"))
        .map(it -> new Callback(type.getSimpleName(), it.getName(), where(it)));
  }

  private static Runs.Where where(JavaMethod method) {
    return (method.isAnnotatedWith(Runs.class) ? method : method.getOwner())
        .getAnnotationOfType(Runs.class)
        .value();
  }

  @Override
  public String toString() {
    return type + "." + method;
  }
}
