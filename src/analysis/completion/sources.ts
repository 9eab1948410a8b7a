import { apiGroup, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Candidate, Source } from './candidate.ts';
import * as clusters from './clusters.ts';
import * as pointers from './pointers.ts';
import * as references from './references.ts';
import * as templates from './templates.ts';

/** Sources by the end of a path; `*` stands for any index, as the last step for any key too. */
type Table = { readonly [pathEnd: string]: Source };

const selector = 'resourceSelectors/*';
const labels = 'labelSelector/matchLabels';
const conditions = 'labelSelector/matchExpressions/*';
const fields = 'fieldSelector/matchExpressions/*';

const conditionOperators = words('In', 'NotIn', 'Exists', 'DoesNotExist');

const ofPolicies: Table = {
  'clusterNames/*': clusters.clusterNames,
  'exclude/*': clusters.clusterNames,
  [`${labels}/*`]: clusters.clusterLabelValues,
  [`${conditions}/key`]: clusters.clusterLabelKeys,
  [`${conditions}/operator`]: conditionOperators,
  [`${conditions}/values/*`]: clusters.clusterLabelConditionValues,
  [`${fields}/key`]: words('provider', 'region', 'zone'),
  [`${fields}/operator`]: words('In', 'NotIn'),
  [`${fields}/values/*`]: clusters.clusterFieldValues,
  'clusterTolerations/*/key': clusters.taintKeys,
  'clusterTolerations/*/value': clusters.taintValues,
  'clusterTolerations/*/effect': clusters.taintEffects,
  'clusterTolerations/*/operator': words('Equal', 'Exists'),
  'spreadConstraints/*/spreadByLabel': clusters.clusterLabelKeys,
  [`${selector}/apiVersion`]: templates.selectorApiVersions,
  [`${selector}/kind`]: templates.selectorKinds,
  [`${selector}/name`]: templates.selectorNames,
  [`${selector}/namespace`]: templates.selectorNamespaces,
  [`${selector}/${labels}/*`]: templates.selectorLabelValues,
  [`${selector}/${conditions}/key`]: templates.selectorLabelKeys,
  [`${selector}/${conditions}/operator`]: conditionOperators,
  [`${selector}/${conditions}/values/*`]: templates.selectorConditionValues,
  'dependentOverrides/*': references.overridePolicyNames,
  'plaintext/*/path': pointers.templatePointers,
  'plaintext/*/value': pointers.presentValues,
  'imageOverrider/*/predicate/path': pointers.imagePointers,
  'fieldOverrider/*/fieldPath': pointers.textPointers,
  'json/*/subPath': pointers.documentPointers,
  'yaml/*/subPath': pointers.documentPointers,
  'json/*/value': pointers.presentDocumentValues,
  'yaml/*/value': pointers.presentDocumentValues,
  'commandOverrider/*/containerName': templates.containerNames,
  'argsOverrider/*/containerName': templates.containerNames,
  'labelsOverrider/*/value/*': templates.metadataValues('labels'),
  'annotationsOverrider/*/value/*': templates.metadataValues('annotations'),
};

const chartKinds = ['HelmRepository', 'GitRepository', 'Bucket'];
const artifactKinds = ['OCIRepository', 'HelmChart', 'ExternalArtifact'];

const ofReleases: Table = {
  'chart/spec/sourceRef/name': references.sourceNames(chartKinds, true),
  'chart/spec/sourceRef/namespace': references.namespaces,
  'spec/chartRef/name': references.sourceNames(artifactKinds, true),
  'spec/chartRef/namespace': references.namespaces,
  'dependsOn/*/name': references.otherReleases,
  'dependsOn/*/namespace': references.namespaces,
  'valuesFrom/*/name': references.valuesSourceNames,
  'valuesFrom/*/valuesKey': references.valuesSourceKeys,
  'kubeConfig/configMapRef/name': references.ownNames('', 'ConfigMap'),
  'spec/targetNamespace': references.namespaces,
  'spec/storageNamespace': references.namespaces,
};

const ofFlux: Table = {
  'secretRef/name': references.ownNames('', 'Secret'),
  'certSecretRef/name': references.ownNames('', 'Secret'),
  'proxySecretRef/name': references.ownNames('', 'Secret'),
  'trustedRootSecretRef/name': references.ownNames('', 'Secret'),
  'spec/serviceAccountName': references.ownNames('', 'ServiceAccount'),
  'spec/sourceRef/name': references.sourceNames(chartKinds, false),
};

const ofAll: Table = {
  'metadata/namespace': references.namespaces,
  'metadata/labels/*': references.objectLabelValues,
};

const keysOfPolicies: Table = {
  [labels]: clusters.clusterLabelKeys,
  [`${selector}/${labels}`]: templates.selectorLabelKeys,
  'labelsOverrider/*/value': templates.metadataKeys('labels'),
  'annotationsOverrider/*/value': templates.metadataKeys('annotations'),
};

const keysOfAll: Table = { 'metadata/labels': references.objectLabelKeys };

/** What finds values for a path of an object, if anything does. */
export function valueSource(object: JsonObject, path: SourcePath): Source | undefined {
  return lookUp(tablesFor(object), path);
}

/** What finds keys for the mapping at a path, beside those of its table. */
export function keySource(object: JsonObject, path: SourcePath): Source | undefined {
  const group = apiGroup(stringMember(object, 'apiVersion'));
  return lookUp(group === 'policy.karmada.io' ? keyTables.policies : keyTables.others, path);
}

function tablesFor(object: JsonObject): readonly Rows[] {
  const group = apiGroup(stringMember(object, 'apiVersion'));
  if (group === 'policy.karmada.io') return valueTables.policies;
  if (group === 'helm.toolkit.fluxcd.io') return valueTables.releases;
  return group === 'source.toolkit.fluxcd.io' ? valueTables.sources : valueTables.others;
}

interface Row {
  /** All but the last one, the last of them first. */
  readonly steps: readonly string[];
  readonly source: Source;
}

/** The rows of a table by their last step, those with more steps first. */
type Rows = ReadonlyMap<string, readonly Row[]>;

function toRows(table: Table): Rows {
  const rows = new Map<string, Row[]>();
  for (const [pathEnd, source] of Object.entries(table)) {
    const [last = '', ...steps] = pathEnd.split('/').reverse();
    const known = rows.get(last) ?? [];
    rows.set(
      last,
      [...known, { steps, source }].sort((x, y) => y.steps.length - x.steps.length),
    );
  }
  return rows;
}

const flux = toRows(ofFlux);
const all = toRows(ofAll);
const valueTables = {
  policies: [toRows(ofPolicies), all],
  releases: [toRows(ofReleases), flux, all],
  sources: [flux, all],
  others: [all],
} as const;
const keyTables = {
  policies: [toRows(keysOfPolicies), toRows(keysOfAll)],
  others: [toRows(keysOfAll)],
} as const;

/** The longest end of the path that a table knows. */
function lookUp(tables: readonly Rows[], path: SourcePath): Source | undefined {
  const last = path.at(-1);
  if (last === undefined) return undefined;
  for (const rows of tables) {
    const named = typeof last === 'string' ? rows.get(last) : undefined;
    const found =
      named?.find((row) => fits(row, path)) ?? rows.get('*')?.find((row) => fits(row, path));
    if (found) return found.source;
  }
  return undefined;
}

function fits({ steps }: Row, path: SourcePath): boolean {
  return steps.every((step, i) => {
    const own = path[path.length - 2 - i];
    return step === '*' ? typeof own === 'number' : step === own;
  });
}

function words(...values: readonly string[]): Source {
  const candidates = values.map((value): Candidate => ({ value, kind: 'value' }));
  return () => candidates;
}
