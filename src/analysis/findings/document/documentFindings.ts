import type { JsonObject, Validation } from '../../../engine/index.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { refusals } from '../refusals.ts';
import { absentFields } from '../versions/absentFields.ts';
import { templateVersions } from '../versions/templateVersions.ts';
import { ignoredFields } from './ignoredFields.ts';
import type { ObjectContext, ObjectFinding, ObjectRule } from './objectRule.ts';
import { releaseNames } from './releaseNames.ts';
import { unknownKinds } from './unknownKinds.ts';
import { unservableValues } from './unservableValues.ts';
import { valuesMappings } from './valuesMappings.ts';
import { yamlReadings } from './yamlReadings.ts';

const rules: readonly ObjectRule[] = [
  refusals,
  templateVersions,
  absentFields,
  unknownKinds,
  unservableValues,
  ignoredFields,
  releaseNames,
  valuesMappings,
  yamlReadings,
];

interface Known {
  /** What the control plane made of the object; another answer means that the versions or settings changed. */
  readonly stored: JsonObject | undefined;
  readonly refusal: Validation | undefined;
  readonly namespace: string;
  readonly flux: string;
  readonly served: ObjectContext['versions']['served'];
  readonly policies: ObjectContext['policies'];
  readonly findings: readonly ObjectFinding[];
}

const known = new WeakMap<JsonObject, Known>();

/** What can be said of each object for itself. Worked out once while the text of an object stays. */
export function documentFindings({ items, circumstances }: Snapshot): readonly Finding[] {
  const { fluxVersion: flux, policies, settings } = circumstances;
  const { featureGates } = settings;
  const context = { flux, versions: circumstances, policies, featureGates };
  const findings: Finding[] = [];
  for (const item of items) {
    for (const found of findingsOf(item, context)) findings.push({ ...found, item });
  }
  return findings;
}

function findingsOf(item: Item, context: ObjectContext): readonly ObjectFinding[] {
  const { source, stored, refusal, namespace } = item;
  const {
    flux,
    versions: { served },
    policies,
  } = context;
  const before = known.get(source);
  const isSame =
    before?.stored === stored &&
    before?.refusal === refusal &&
    before?.namespace === namespace &&
    before?.flux === flux &&
    before.served === served &&
    before.policies === policies;
  if (before && isSame) return before.findings;
  const findings = rules.flatMap((rule) => rule(item, context));
  known.set(source, { stored, refusal, namespace, flux, served, policies, findings });
  return findings;
}
