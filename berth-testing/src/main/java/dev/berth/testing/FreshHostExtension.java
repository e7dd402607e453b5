package dev.berth.testing;

import dev.berth.linux.Links;
import dev.berth.linux.MountFlags;
import dev.berth.linux.Mounts;
import dev.berth.linux.NamespaceKind;
import dev.berth.linux.Namespaces;
import dev.berth.linux.RouteSocket;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/** The extension behind {@link FreshHost}. */
final class FreshHostExtension
    implements BeforeEachCallback, AfterEachCallback, InvocationInterceptor {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(FreshHostExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    Assumptions.assumeTrue(isRoot(), "fresh namespaces need root");
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("fresh-host").daemon().factory());
    context.getStore(STORE).put(ExecutorService.class, thread);
    run(
        thread,
        () -> {
          enterFreshNamespaces();
          return null;
        });
  }

  private static boolean isRoot() throws Exception {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  private static void enterFreshNamespaces() {
    Namespaces.unshare(
        NamespaceKind.NETWORK, NamespaceKind.MOUNT, NamespaceKind.UTS, NamespaceKind.IPC);
    Mounts.propagation("/", MountFlags.MS_PRIVATE | MountFlags.MS_REC);
    try (RouteSocket socket = RouteSocket.open()) {
      socket.apply(Links.up("lo"));
    }
  }

  @Override
  public void interceptBeforeEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    runInside(invocation, context);
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    runInside(invocation, context);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    runInside(invocation, context);
  }

  @Override
  public void interceptAfterEachMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invocationContext,
      ExtensionContext context)
      throws Throwable {
    runInside(invocation, context);
  }

  private static void runInside(Invocation<@Nullable Void> invocation, ExtensionContext context)
      throws Throwable {
    ExecutorService thread =
        context.getStore(STORE).get(ExecutorService.class, ExecutorService.class);
    run(
        Objects.requireNonNull(thread, "beforeEach starts it"),
        () -> {
          try {
            return invocation.proceed();
          } catch (Exception | Error failure) {
            throw failure;
          } catch (Throwable failure) {
            throw new AssertionError(failure);
          }
        });
  }

  private static void run(ExecutorService thread, Callable<@Nullable Void> body) throws Exception {
    Future<@Nullable Void> done = thread.submit(body);
    try {
      done.get();
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw failure;
      }
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ExecutorService thread =
        context.getStore(STORE).remove(ExecutorService.class, ExecutorService.class);
    if (thread != null) {
      thread.close();
    }
  }
}
