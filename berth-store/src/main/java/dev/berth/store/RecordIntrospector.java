package dev.berth.store;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the language what Jackson otherwise wants annotated: the cases of a sealed interface
 * are its permitted records.
 */
final class RecordIntrospector extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    if (annotated instanceof AnnotatedClass && isSealed(annotated.getRawType())) {
      return JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "@type", null, false, true, null);
    }
    return super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    if (annotated instanceof AnnotatedClass && isSealed(annotated.getRawType())) {
      List<NamedType> cases = new ArrayList<>();
      addCases(annotated.getRawType(), cases);
      return cases;
    }
    return super.findSubtypes(annotated);
  }

  private static void addCases(Class<?> type, List<NamedType> cases) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        addCases(permitted, cases);
      } else {
        cases.add(new NamedType(permitted, permitted.getSimpleName()));
      }
    }
  }

  private static boolean isSealed(Class<?> type) {
    return type.isInterface() && type.isSealed();
  }
}
