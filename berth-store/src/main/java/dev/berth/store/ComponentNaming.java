package dev.berth.store;

import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AccessorNamingStrategy;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.DefaultAccessorNamingStrategy;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record's JSON is its components, whatever other methods it has (such as {@code isIdle()}). */
final class ComponentNaming extends DefaultAccessorNamingStrategy.RecordNaming {
  private final Set<String> components = new HashSet<>();

  private ComponentNaming(MapperConfig<?> config, AnnotatedClass record) {
    super(config, record);
    for (RecordComponent component : record.getRawType().getRecordComponents()) {
      components.add(component.getName());
    }
  }

  @Override
  public @Nullable String findNameForRegularGetter(AnnotatedMethod method, String name) {
    return components.contains(name) ? name : null;
  }

  @Override
  public @Nullable String findNameForIsGetter(AnnotatedMethod method, String name) {
    return components.contains(name) ? name : null;
  }

  /** Chooses this naming for records. */
  static final class Provider extends DefaultAccessorNamingStrategy.Provider {
    private static final long serialVersionUID = 1L;

    @Override
    public AccessorNamingStrategy forRecord(MapperConfig<?> config, AnnotatedClass record) {
      return new ComponentNaming(config, record);
    }
  }
}
