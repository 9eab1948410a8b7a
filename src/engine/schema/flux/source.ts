import { artifact, artifactDescription, oldArtifact } from './artifact.ts';
import { conditions, lastHandledReconcileAt, observedGeneration } from './conditions.ts';
import {
  choice,
  duration,
  flag,
  list,
  record,
  secretReference,
  shortDurationPattern,
  stringMap,
  text,
  type Facts,
} from './fields.ts';
import type { FluxMinor, KindSchema, PrinterColumn, Schema } from '../types.ts';

/** Versions of the group of sources. */
export type SourceVersion = 'v1beta1' | 'v1beta2' | 'v1';

export const sourceGroup = 'source.toolkit.fluxcd.io';

/** `spec.accessFrom`, which no controller ever looked at. */
export const accessFrom: Schema = record(
  {
    namespaceSelectors: list(
      record(
        { matchLabels: stringMap('Labels that the namespace must carry.') },
        'A set of namespaces, chosen by labels.',
      ),
      'Namespaces whose objects may refer to this source.',
    ),
  },
  'Declared but never enforced: it limits nothing.',
  { required: ['namespaceSelectors'], deprecated: true },
);

/** The sources' `spec.timeout`. v1beta1 has no pattern for it. */
export function timeout(version: SourceVersion, facts: Facts = {}): Schema {
  return text('How long one attempt may take; minutes and seconds only, no hours.', {
    ...(version === 'v1beta1' ? {} : { pattern: shortDurationPattern }),
    default: '60s',
    ...facts,
  });
}

/** The sources' `spec.interval`. v1beta1 has no pattern for it. */
export function interval(version: SourceVersion): Schema {
  const description = 'How often to look for something new, such as `10m` or `1h30m`.';
  return version === 'v1beta1' ? text(description) : duration(description);
}

/** Which Flux minors add `notation` to `verify.provider`. */
const notationSince: FluxMinor = '2.3';

/** `verify.provider`: who made the signature. */
export const verifyProvider: Schema = choice(
  ['cosign', 'notation'],
  'Tool that made the signature.',
  {
    default: 'cosign',
    variants: [{ until: notationSince, schema: { enum: ['cosign'] } }],
  },
);

/** `verify.matchOIDCIdentity`. */
export const matchOIDCIdentity: Schema = list(
  record(
    {
      issuer: text('Regular expression for the issuer in the certificate of the signature.'),
      subject: text('Regular expression for the subject in the certificate of the signature.'),
    },
    'One identity that is trusted.',
    { required: ['issuer', 'subject'] },
  ),
  'Identities of keyless cosign signatures; one of them must match.',
  { since: '2.2' },
);

/** `status.url`. */
export const statusUrl: Schema = text(
  'Address of the newest archive that does not change with its revision.',
);

/** `spec.suspend`. */
export const suspend: Schema = flag('Stop looking for something new.');

/** `spec.ignore`. */
export const ignore: Schema = text(
  'Files to leave out of the archive, in the form of `.gitignore`; replaces the default list.',
);

/** `status.observedIgnore`. */
export const observedIgnore: Schema = text('`spec.ignore` as used for the archive.');

/** `status.contentConfigChecksum`, which was given up for the `observed` fields. */
export const contentConfigChecksum: Schema = text('Checksum of the settings behind the archive.', {
  deprecated: true,
});

/** `spec.certSecretRef`. */
export function certSecretRef(facts: Facts = {}): Schema {
  return secretReference(
    'Secret with a client certificate (`tls.crt`, `tls.key`), a CA (`ca.crt`), or both.',
    facts,
  );
}

/** `spec.proxySecretRef`. */
export function proxySecretRef(facts: Facts = {}): Schema {
  return secretReference('Secret with the `address` of a proxy and its login.', facts);
}

/** A kind of source in one version. */
export function sourceKind(
  version: SourceVersion,
  names: Pick<KindSchema, 'kind' | 'plural' | 'shortNames' | 'description' | 'columns'>,
  properties: { readonly spec: Schema; readonly status: Schema },
  served: Pick<KindSchema, 'servedSince' | 'servedUntil' | 'deprecatedSince'>,
): KindSchema {
  return {
    apiVersion: `${sourceGroup}/${version}`,
    ...names,
    ...(version === 'v1' ? { categories: ['all', 'fluxcd', 'fluxcd-sources'] } : {}),
    namespaced: true,
    schema: { type: 'object', properties },
    ...served,
  };
}

/** `status` of a source: the fields that all have, and those of its own. */
export function sourceStatus(
  version: SourceVersion,
  own: { readonly [name: string]: Schema } = {},
): Schema {
  return record(
    {
      artifact:
        version === 'v1beta1' ? oldArtifact(artifactDescription) : artifact(artifactDescription),
      conditions,
      lastHandledReconcileAt,
      observedGeneration,
      ...own,
    },
    'What source-controller last saw and did.',
    { default: { observedGeneration: -1 } },
  );
}

const age: PrinterColumn = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
};
const readiness: readonly PrinterColumn[] = [
  {
    name: 'Ready',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].status',
  },
  {
    name: 'Status',
    type: 'string',
    jsonPath: '.status.conditions[?(@.type=="Ready")].message',
  },
];

/** Columns of `kubectl get` with the age before the readiness. */
export const columnsAgeFirst: readonly PrinterColumn[] = [age, ...readiness];

/** Columns of `kubectl get` with the age at the end. */
export const columnsAgeLast: readonly PrinterColumn[] = [...readiness, age];

/** A column with a string of the spec. */
export function column(name: string, jsonPath: string): PrinterColumn {
  return { name, type: 'string', jsonPath };
}
