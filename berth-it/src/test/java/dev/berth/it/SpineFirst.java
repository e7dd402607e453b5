package dev.berth.it;

import java.util.Collections;
import java.util.Comparator;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;
import org.junit.jupiter.api.Order;

/**
 * Random order, but for classes that have an {@link Order}: those of the main job come first and
 * the virtual machines last, so that a run which is short of time leaves out what is slowest.
 */
public final class SpineFirst implements ClassOrderer {
  static final int FIRST = 1;
  static final int LAST = Integer.MAX_VALUE;

  @Override
  public void orderClasses(ClassOrdererContext context) {
    long seed =
        context
            .getConfigurationParameter("junit.jupiter.execution.order.random.seed")
            .map(Long::parseLong)
            .orElseGet(System::nanoTime);
    System.out.println("order of test classes: seed " + seed);
    Collections.shuffle(context.getClassDescriptors(), new java.util.Random(seed));
    context.getClassDescriptors().sort(Comparator.comparingInt(SpineFirst::place));
  }

  private static int place(ClassDescriptor descriptor) {
    return descriptor.findAnnotation(Order.class).map(Order::value).orElse(Order.DEFAULT);
  }
}
