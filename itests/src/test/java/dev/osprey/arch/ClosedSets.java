package dev.osprey.arch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a baseline does not see: the components of records and who a sealed type permits. */
final class ClosedSets {
  private ClosedSets() {}

  /** A line for each record and each sealed type among these classes. */
  static List<String> of(List<String> classNames) {
    return classNames.stream().flatMap(name -> describe(load(name))).toList();
  }

  private static Stream<String> describe(Class<?> type) {
    if (type.isRecord()) {
      return Stream.of(
          Arrays.stream(type.getRecordComponents())
              .map(it -> it.getGenericType().getTypeName() + " " + it.getName())
              .collect(Collectors.joining(", ", "record " + type.getName() + "(", ")")));
    }
    if (type.isSealed()) {
      return Stream.of(
          Arrays.stream(type.getPermittedSubclasses())
              .map(Class::getName)
              .sorted()
              .collect(Collectors.joining(", ", "sealed " + type.getName() + " permits ", "")));
    }
    return Stream.empty();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, ClosedSets.class.getClassLoader());
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
