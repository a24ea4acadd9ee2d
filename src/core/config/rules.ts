/**
 * The rules that hold between keys and between packages. A new one is a function and a line here.
 *
 * @module
 */

import type { Rule } from "./draft.ts";
import * as graph from "./rules/graph_rules.ts";
import * as kind from "./rules/kind_rules.ts";
import * as name from "./rules/name_rules.ts";
import * as registry from "./rules/registry_rules.ts";
import * as tag from "./rules/tag_rules.ts";

/** Every rule; each sees what is right by itself, and all are asked. */
export const RULES: readonly Rule[] = [
  name.namesAreUnique,
  name.artifactsAreUnique,
  graph.dependenciesExist,
  graph.dependenciesAreOthers,
  graph.graphIsAcyclic,
  tag.tagsAreValid,
  tag.tagsBelongToOne,
  kind.pypiVersionsMap,
  kind.targetsAreThere,
  kind.targetsMeanSomething,
  kind.targetsAreUnique,
  kind.bundlesHaveTargets,
  kind.restrictedIsScoped,
  registry.namesFitRegistries,
  registry.registryNamesAreUnique,
  registry.platformNamesFit,
];
