/**
 * The Go types of the four policies as tables: field order, `omitempty`, and which fields are pointers. They decide
 * what the webhooks can decode, what they write back, and how a struct is printed inside an error. Follows
 * `pkg/apis/policy/v1alpha1/propagation_types.go` and `override_types.go`.
 */

export type GoType = GoScalar | GoPointer | GoList | GoMap | GoStruct;

/** `json` is `apiextensionsv1.JSON`: any value, of which null counts as absent. */
export interface GoScalar {
  readonly type: 'string' | 'bool' | 'int32' | 'int64' | 'json';
  readonly name: string;
}
export interface GoPointer {
  readonly type: 'pointer';
  readonly of: GoScalar | GoStruct;
}
export interface GoList {
  readonly type: 'list';
  readonly of: GoScalar | GoStruct;
}
/** Keys and values are strings. */
export interface GoMap {
  readonly type: 'map';
}
export interface GoStruct {
  readonly type: 'struct';
  /** The type's name with its package, as Go prints it. */
  readonly name: string;
  readonly fields: readonly GoField[];
}
export interface GoField {
  readonly name: string;
  readonly of: GoType;
  /** Written even when empty: the field's tag has no `omitempty`. */
  readonly always?: true;
  /** Name of the embedded struct that the field belongs to. */
  readonly embedded?: string;
}

const string: GoScalar = { type: 'string', name: 'string' };
const bool: GoScalar = { type: 'bool', name: 'bool' };
const int: GoScalar = { type: 'int64', name: 'int' };
const int32: GoScalar = { type: 'int32', name: 'int32' };
const int64: GoScalar = { type: 'int64', name: 'int64' };
const json: GoScalar = { type: 'json', name: 'v1.JSON' };
const strings: GoList = { type: 'list', of: string };
const stringMap: GoMap = { type: 'map' };

function named(name: string): GoScalar {
  return { type: 'string', name };
}

function field(name: string, of: GoType): GoField {
  return { name, of };
}

function required(name: string, of: GoType): GoField {
  return { name, of, always: true };
}

function list(of: GoScalar | GoStruct): GoList {
  return { type: 'list', of };
}

function pointer(of: GoScalar | GoStruct): GoPointer {
  return { type: 'pointer', of };
}

function struct(name: string, ...fields: readonly GoField[]): GoStruct {
  return { type: 'struct', name, fields };
}

const labelSelector = struct(
  'v1.LabelSelector',
  field('matchLabels', stringMap),
  field(
    'matchExpressions',
    list(
      struct(
        'v1.LabelSelectorRequirement',
        required('key', string),
        required('operator', named('v1.LabelSelectorOperator')),
        field('values', strings),
      ),
    ),
  ),
);

const resourceSelector = struct(
  'v1alpha1.ResourceSelector',
  required('apiVersion', string),
  required('kind', string),
  field('namespace', string),
  field('name', string),
  field('labelSelector', pointer(labelSelector)),
);

export const fieldSelector = struct(
  'v1alpha1.FieldSelector',
  field(
    'matchExpressions',
    list(
      struct(
        'v1.NodeSelectorRequirement',
        required('key', string),
        required('operator', named('v1.NodeSelectorOperator')),
        field('values', strings),
      ),
    ),
  ),
);

const affinityFields: readonly GoField[] = [
  field('labelSelector', pointer(labelSelector)),
  field('fieldSelector', pointer(fieldSelector)),
  field('clusterNames', strings),
  field('exclude', strings),
];
const embeddedAffinity = affinityFields.map((at) => ({ ...at, embedded: 'ClusterAffinity' }));

export const clusterAffinity = struct('v1alpha1.ClusterAffinity', ...affinityFields);

export const overflowAffinities = list(
  struct('v1alpha1.OverflowClusterAffinity', required('affinityName', string), ...embeddedAffinity),
);

export const clusterAffinities = list(
  struct(
    'v1alpha1.ClusterAffinityTerm',
    required('affinityName', string),
    ...embeddedAffinity,
    field('overflowAffinities', overflowAffinities),
  ),
);

export const spreadConstraint = struct(
  'v1alpha1.SpreadConstraint',
  field('spreadByField', named('v1alpha1.SpreadFieldValue')),
  field('spreadByLabel', string),
  field('maxGroups', int),
  field('minGroups', int),
);
export const spreadConstraints = list(spreadConstraint);

const toleration = struct(
  'v1.Toleration',
  field('key', string),
  field('operator', named('v1.TolerationOperator')),
  field('value', string),
  field('effect', named('v1.TaintEffect')),
  field('tolerationSeconds', pointer(int64)),
);

const replicaScheduling = struct(
  'v1alpha1.ReplicaSchedulingStrategy',
  field('replicaSchedulingType', named('v1alpha1.ReplicaSchedulingType')),
  field('replicaDivisionPreference', named('v1alpha1.ReplicaDivisionPreference')),
  field(
    'weightPreference',
    pointer(
      struct(
        'v1alpha1.ClusterPreferences',
        field(
          'staticWeightList',
          list(
            struct(
              'v1alpha1.StaticClusterWeight',
              required('targetCluster', clusterAffinity),
              required('weight', int64),
            ),
          ),
        ),
        field('dynamicWeight', named('v1alpha1.DynamicWeightFactor')),
      ),
    ),
  ),
);

export const workloadAffinity = struct(
  'v1alpha1.WorkloadAffinity',
  field(
    'affinity',
    pointer(struct('v1alpha1.WorkloadAffinityTerm', required('groupByLabelKey', string))),
  ),
  field(
    'antiAffinity',
    pointer(struct('v1alpha1.WorkloadAntiAffinityTerm', required('groupByLabelKey', string))),
  ),
);

export const placement = struct(
  'v1alpha1.Placement',
  field('clusterAffinity', pointer(clusterAffinity)),
  field('clusterAffinities', clusterAffinities),
  field('clusterTolerations', list(toleration)),
  field('spreadConstraints', spreadConstraints),
  field('replicaScheduling', pointer(replicaScheduling)),
  field('workloadAffinity', pointer(workloadAffinity)),
);

const statePreservation = pointer(
  struct(
    'v1alpha1.StatePreservation',
    required(
      'rules',
      list(
        struct(
          'v1alpha1.StatePreservationRule',
          required('aliasLabelName', string),
          required('jsonPath', string),
        ),
      ),
    ),
  ),
);

const failover = struct(
  'v1alpha1.FailoverBehavior',
  field(
    'application',
    pointer(
      struct(
        'v1alpha1.ApplicationFailoverBehavior',
        required(
          'decisionConditions',
          struct('v1alpha1.DecisionConditions', field('tolerationSeconds', pointer(int32))),
        ),
        field('purgeMode', named('v1alpha1.PurgeMode')),
        field('gracePeriodSeconds', pointer(int32)),
        field('statePreservation', statePreservation),
      ),
    ),
  ),
  field(
    'cluster',
    pointer(
      struct(
        'v1alpha1.ClusterFailoverBehavior',
        field('purgeMode', named('v1alpha1.PurgeMode')),
        field('statePreservation', statePreservation),
      ),
    ),
  ),
);

export const suspension = struct(
  'v1alpha1.Suspension',
  field('dispatching', pointer(bool)),
  field(
    'dispatchingOnClusters',
    pointer(struct('v1alpha1.SuspendClusters', field('clusterNames', strings))),
  ),
);

const propagationSpec = struct(
  'v1alpha1.PropagationSpec',
  required('resourceSelectors', list(resourceSelector)),
  field('association', bool),
  field('propagateDeps', bool),
  field('placement', placement),
  field('priority', pointer(int32)),
  field('preemption', named('v1alpha1.PreemptionBehavior')),
  field('dependentOverrides', strings),
  field('schedulerName', string),
  field('failover', pointer(failover)),
  field('conflictResolution', named('v1alpha1.ConflictResolution')),
  field('activationPreference', named('v1alpha1.ActivationPreference')),
  field('suspension', pointer(suspension)),
  field('preserveResourcesOnDeletion', pointer(bool)),
  field(
    'schedulePriority',
    pointer(
      struct(
        'v1alpha1.SchedulePriority',
        required('priorityClassSource', named('v1alpha1.PriorityClassSource')),
        required('priorityClassName', string),
      ),
    ),
  ),
);

const operator = required('operator', named('v1alpha1.OverriderOperator'));

const commandArgsOverrider = list(
  struct(
    'v1alpha1.CommandArgsOverrider',
    required('containerName', string),
    operator,
    field('value', strings),
  ),
);

const labelAnnotationOverrider = list(
  struct('v1alpha1.LabelAnnotationOverrider', operator, required('value', stringMap)),
);

function patchOperations(name: string): GoList {
  return list(struct(name, required('subPath', string), operator, field('value', json)));
}

export const fieldOverrider = struct(
  'v1alpha1.FieldOverrider',
  required('fieldPath', string),
  field('json', patchOperations('v1alpha1.JSONPatchOperation')),
  field('yaml', patchOperations('v1alpha1.YAMLPatchOperation')),
);

export const overriders = struct(
  'v1alpha1.Overriders',
  field(
    'plaintext',
    list(
      struct(
        'v1alpha1.PlaintextOverrider',
        required('path', string),
        operator,
        field('value', json),
      ),
    ),
  ),
  field(
    'imageOverrider',
    list(
      struct(
        'v1alpha1.ImageOverrider',
        field('predicate', pointer(struct('v1alpha1.ImagePredicate', required('path', string)))),
        required('component', named('v1alpha1.ImageComponent')),
        operator,
        field('value', string),
      ),
    ),
  ),
  field('commandOverrider', commandArgsOverrider),
  field('argsOverrider', commandArgsOverrider),
  field('labelsOverrider', labelAnnotationOverrider),
  field('annotationsOverrider', labelAnnotationOverrider),
  field('fieldOverrider', list(fieldOverrider)),
);

const overrideSpec = struct(
  'v1alpha1.OverrideSpec',
  field('resourceSelectors', list(resourceSelector)),
  field(
    'overrideRules',
    list(
      struct(
        'v1alpha1.RuleWithCluster',
        field('targetCluster', pointer(clusterAffinity)),
        required('overriders', overriders),
      ),
    ),
  ),
  field('targetCluster', pointer(clusterAffinity)),
  required('overriders', overriders),
);

/** The members of `metav1.ObjectMeta` that users write. */
const objectMeta = struct(
  'v1.ObjectMeta',
  field('name', string),
  field('generateName', string),
  field('namespace', string),
  field('labels', stringMap),
  field('annotations', stringMap),
  field('finalizers', strings),
);

function policy(kind: string, spec: GoStruct): GoStruct {
  return struct(`v1alpha1.${kind}`, field('metadata', objectMeta), required('spec', spec));
}

/** The Go type of each policy kind. */
export const policyTypes: ReadonlyMap<string, GoStruct> = new Map([
  ['PropagationPolicy', policy('PropagationPolicy', propagationSpec)],
  ['ClusterPropagationPolicy', policy('ClusterPropagationPolicy', propagationSpec)],
  ['OverridePolicy', policy('OverridePolicy', overrideSpec)],
  ['ClusterOverridePolicy', policy('ClusterOverridePolicy', overrideSpec)],
]);
