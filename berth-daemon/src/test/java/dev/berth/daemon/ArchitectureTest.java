package dev.berth.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The layers of docs/architecture.md, as far as Maven and the module system do not hold them
 * already.
 */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.berth");

  private static final List<String> FEATURES = List.of("image", "runtime", "network", "volume");

  @Test
  void onlyTheBindingsUseForeignFunctions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.berth.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(CLASSES);
  }

  @Test
  void featuresKnowNothingOfEachOther() {
    for (String feature : FEATURES) {
      for (String other : FEATURES) {
        if (!feature.equals(other)) {
          noClasses()
              .that()
              .resideInAPackage("dev.berth." + feature + "..")
              .should()
              .dependOnClassesThat()
              .resideInAPackage("dev.berth." + other + "..")
              .check(CLASSES);
        }
      }
    }
  }

  @Test
  void thePluginProtocolKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAPackage("dev.berth.plugin")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            FEATURES.stream().map(name -> "dev.berth." + name + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  /** What a build needs of containers and networks it asks of its workshop. */
  @Test
  void buildsKnowImagesAlone() {
    noClasses()
        .that()
        .resideInAPackage("dev.berth.build..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.berth.runtime..", "dev.berth.network..", "dev.berth.volume..", "dev.berth.store..")
        .check(CLASSES);
  }

  @Test
  void nothingBelowTheServerKnowsTheApi() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.berth.server..", "dev.berth.api..", "dev.berth.daemon..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.berth.api..", "dev.berth.server..", "io.netty..")
        .check(CLASSES);
  }

  @Test
  void onlyOneClassKnowsAllTheParts() {
    noClasses()
        .that()
        .resideInAPackage("dev.berth.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.berth.store..", "dev.berth.linux..")
        .check(CLASSES);
  }
}
