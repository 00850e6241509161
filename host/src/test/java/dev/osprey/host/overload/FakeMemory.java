package dev.osprey.host.overload;

/** Memory of which a test says how much is in use. */
final class FakeMemory implements BufferMemory {
  static final long LIMIT = 1000;

  long inUse;
  long reserved;

  FakeMemory use(long bytes) {
    inUse = bytes;
    reserved = bytes;
    return this;
  }

  @Override
  public long limit() {
    return LIMIT;
  }

  @Override
  public long reserved() {
    return reserved;
  }

  @Override
  public long inUse() {
    return inUse;
  }
}
