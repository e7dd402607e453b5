package dev.berth.network.explain;

import java.util.Optional;

/** Looks at one thing. Pure; nothing where it does not matter here. */
@FunctionalInterface
interface Step {
  Optional<Finding> look(Situation situation, Journey journey);
}
