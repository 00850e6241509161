package dev.osprey.arch;

import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import dev.osprey.spi.Borrowed;
import dev.osprey.spi.Owned;
import dev.osprey.spi.Runs;
import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/** Rules on classes; each is applied to the house and, to show that it bites, to a sample. */
final class Rules {
  private static final List<String> MUTABLE_HOLDERS =
      List.of(
          "java.util.concurrent.", "java.lang.ref.", "java.util.HashMap", "java.util.ArrayList");

  private static final Set<String> STARTERS =
      Set.of(
          "java.util.Timer",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ThreadPoolExecutor",
          "java.util.concurrent.ScheduledThreadPoolExecutor");

  private static final Set<String> THREAD_CALLS =
      Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread", "currentThread");

  private Rules() {}

  /**
   * No class needs a package that is not listed.
   *
   * @param who for the message
   * @param packages as ArchUnit writes them, {@code java..} for instance
   */
  static ArchRule needsOnly(String who, String... packages) {
    return classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages)
        .as(who + " needs only " + String.join(", ", packages));
  }

  /** No class needs one of these packages. */
  static ArchRule needsNone(String who, String... packages) {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .as(who + " needs nothing of " + String.join(", ", packages))
        .allowEmptyShould(true);
  }

  /** No value of a bundle hangs on a thread. */
  static ArchRule keepsNothingOnThreads() {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are thread locals",
                type ->
                    type.isAssignableTo(ThreadLocal.class)
                        || type.getName().startsWith("io.netty.util.concurrent.FastThreadLocal")
                        || type.getName().equals("io.netty.util.Recycler")))
        .as("bundles keep nothing on threads");
  }

  /**
   * What strands call on a bundle's code they call in a fence, which strangers know; the packages
   * that are left out run on the control thread, or rehearse. A codec calls its rig back, and what
   * the rig calls then is compiled into the codec, so it goes through a fence too.
   */
  static ArchRule callsExtensionsInFences() {
    return com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.osprey.host.fence",
            "dev.osprey.host.rehearsal",
            "dev.osprey.host.control",
            "dev.osprey.host.config",
            "dev.osprey.host.osgi",
            "dev.osprey.host.plan")
        .or()
        .haveNameMatching("dev\\.osprey\\.host\\.rehearsal\\.(Rig|(Client|Server)Side)")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "it is a bundle's",
                call -> call.getTargetOwner().isAnnotatedWith(ConsumerType.class)))
        .as("extensions are called in fences");
  }

  /** A bundle starts no thread and owns no pool. */
  static ArchRule startsNoThread() {
    return classes().should(new StartsNoThread()).as("bundles start no thread");
  }

  /** A bundle has no static state that changes. */
  static ArchRule hasNoStaticState() {
    return fields()
        .that()
        .areStatic()
        .should(
            new ArchCondition<JavaField>("be final and of a type that does not change") {
              @Override
              public void check(JavaField field, ConditionEvents events) {
                String type = field.getRawType().getName();
                boolean mutable = MUTABLE_HOLDERS.stream().anyMatch(type::startsWith);
                boolean known = field.getName().startsWith("$");
                if (!known && (mutable || !field.getModifiers().contains(JavaModifier.FINAL))) {
                  events.add(violated(field, field.getFullName() + " is static state"));
                }
              }
            })
        .allowEmptyShould(true);
  }

  /** Each method of a contract says where it runs; closed sets of values are no contracts. */
  static ArchRule saysWhereItRuns() {
    return methods()
        .that(
            DescribedPredicate.describe(
                "are declared by an interface that somebody implements", Rules::isContract))
        .should(
            new ArchCondition<JavaMethod>("carry @Runs, or their interface") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                if (!method.isAnnotatedWith(Runs.class)
                    && !method.getOwner().isAnnotatedWith(Runs.class)) {
                  events.add(
                      violated(method, method.getFullName() + " does not say where it runs"));
                }
              }
            });
  }

  /** Each buffer that enters or leaves a contract is owned or borrowed. */
  static ArchRule saysWhoOwnsBuffers() {
    return methods()
        .that(DescribedPredicate.describe("are part of a contract", Rules::isContract))
        .should(
            new ArchCondition<JavaMethod>("mark their buffers @Owned or @Borrowed") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                for (JavaParameter parameter : method.getParameters()) {
                  boolean marked =
                      parameter.isAnnotatedWith(Owned.class)
                          != parameter.isAnnotatedWith(Borrowed.class);
                  if (parameter.getRawType().isAssignableTo(ByteBuf.class) && !marked) {
                    events.add(violated(method, parameter + " is neither owned nor borrowed"));
                  }
                }
                boolean marked =
                    method.isAnnotatedWith(Owned.class) != method.isAnnotatedWith(Borrowed.class);
                if (method.getRawReturnType().isAssignableTo(ByteBuf.class) && !marked) {
                  events.add(
                      violated(method, method.getFullName() + ": whose buffer is returned?"));
                }
              }
            });
  }

  private static boolean isContract(JavaMethod method) {
    JavaClass owner = method.getOwner();
    return owner.isInterface()
        && !owner.isAnnotation()
        && !owner.reflect().isSealed()
        && !method.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !method.getModifiers().contains(JavaModifier.PRIVATE)
        && !method.getName().startsWith("lambda$");
  }

  /** Looks at calls and constructors, since a thread as a value is no crime. */
  private static final class StartsNoThread extends ArchCondition<JavaClass> {
    StartsNoThread() {
      super("start no thread");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
      for (JavaAccess<?> access : type.getAccessesFromSelf()) {
        String owner = access.getTargetOwner().getName();
        boolean thread =
            owner.equals("java.lang.Thread") && THREAD_CALLS.contains(access.getName());
        boolean async = access.getName().endsWith("Async");
        if (thread || async || STARTERS.contains(owner)) {
          events.add(violated(type, access.getDescription()));
        }
      }
      if (type.isAssignableTo(Thread.class)) {
        events.add(violated(type, type.getName() + " is a thread"));
      }
    }
  }
}
