package dev.osprey.host.admin;

import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** Turns a bundle's number into the bundle, for the framework's commands. */
final class BundleConverter implements Converter {
  private final BundleContext context;

  BundleConverter(BundleContext context) {
    this.context = context;
  }

  @Override
  public @Nullable Object convert(Class<?> wanted, Object in) {
    String text = String.valueOf(in);
    return wanted == Bundle.class && text.matches("\\d{1,18}")
        ? context.getBundle(Long.parseLong(text))
        : null;
  }

  @Override
  public @Nullable CharSequence format(Object target, int level, Converter escape) {
    return null;
  }
}
