package dev.berth.network.firewall;

import dev.berth.linux.SetElement;
import org.jspecify.annotations.Nullable;

/**
 * An element of one of the sets and maps.
 *
 * @param family whose table
 * @param set the set's or map's name
 * @param text as nft writes it
 * @param raw as the kernel takes it; null for elements that are only changed by text
 */
record NftablesElement(IpFamily family, String set, String text, @Nullable SetElement raw) {}
