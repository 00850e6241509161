package dev.osprey.host.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Private copies of every bundle content in use, named by their hash, so that a file that is
 * overwritten or removed takes nothing away.
 */
public final class ContentStore {
  private static final int KEPT = 64;
  private static final long MOST_BYTES = 256L << 20;

  private final Path folder;

  /**
   * The copies in a folder, which is made if need be.
   *
   * @throws IOException if it can't be made
   */
  public ContentStore(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /**
   * Takes a copy of a jar.
   *
   * @throws Refusal if it is damaged or no extension
   * @throws IOException if it can't be read or kept now
   */
  public Content add(Path jar) throws Refusal, IOException {
    if (Files.size(jar) > MOST_BYTES) {
      throw new Refusal("it has more than " + MOST_BYTES + " bytes");
    }
    return add(Files.readAllBytes(jar));
  }

  /**
   * Takes a copy of a jar's bytes.
   *
   * @throws Refusal if they are damaged or no extension
   * @throws IOException if they can't be kept now
   */
  public Content add(byte[] jar) throws Refusal, IOException {
    String hash = hash(jar);
    Optional<Content> kept = get(hash);
    if (kept.isEmpty()) {
      // There is none, or a power cut came before all of it was on the disk.
      return write(jar, hash, folder.resolve(hash + ".jar"));
    }
    Path copy = kept.get().file();
    Files.setLastModifiedTime(copy, FileTime.fromMillis(System.currentTimeMillis()));
    return kept.get();
  }

  /** The content of that hash, when it is kept and whole. */
  public Optional<Content> get(String hash) {
    try {
      return Optional.of(read(hash, folder.resolve(hash + ".jar")));
    } catch (IOException | Refusal gone) {
      return Optional.empty();
    }
  }

  /** Forgets the oldest copies that nobody needs. */
  public void prune(Set<String> needed) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> old =
          files
              .filter(file -> !needed.contains(file.getFileName().toString().replace(".jar", "")))
              .sorted(Comparator.comparing(ContentStore::modified).reversed())
              .skip(KEPT)
              .toList();
      for (Path file : old) {
        Files.deleteIfExists(file);
      }
    }
  }

  private Content write(byte[] jar, String hash, Path kept) throws Refusal, IOException {
    Path part = Files.createTempFile(folder, hash.substring(0, 8), ".part");
    try {
      Files.write(part, jar);
      Content content = read(hash, part);
      Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new Content(hash, content.symbolicName(), content.version(), kept);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Content read(String hash, Path jar) throws Refusal, IOException {
    try {
      Manifests.Identity identity = Manifests.identity(Jars.check(jar));
      return new Content(hash, identity.symbolicName(), identity.version(), jar);
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (IOException damaged) {
      throw new Refusal("it is not a whole jar: " + damaged.getMessage());
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException gone) {
      return FileTime.fromMillis(0);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
