/**
 * The fields of the workload kinds as Go types: k8s.io/api v0.35 (`core/v1`, `apps/v1`, `batch/v1`) with the metadata of
 * k8s.io/apimachinery. One entry a struct, its fields in order as `name:type`; an empty name is an embedded struct.
 * `[]` is a list, `{}` a map from strings, `!` a type that reads its own JSON, `string/T` a string type named T.
 */
export const workloadTypes: Readonly<Record<string, string>> = {
  AWSElasticBlockStoreVolumeSource: 'volumeID:string fsType:string partition:int32 readOnly:bool',
  Affinity: 'nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity',
  AppArmorProfile: 'type:string/AppArmorProfileType localhostProfile:string',
  AzureDiskVolumeSource:
    'diskName:string diskURI:string cachingMode:string/AzureDataDiskCachingMode ' +
    'fsType:string readOnly:bool kind:string/AzureDataDiskKind',
  AzureFileVolumeSource: 'secretName:string shareName:string readOnly:bool',
  CSIVolumeSource:
    'driver:string readOnly:bool fsType:string volumeAttributes:{}string ' +
    'nodePublishSecretRef:LocalObjectReference',
  Capabilities: 'add:[]string/Capability drop:[]string/Capability',
  CephFSVolumeSource:
    'monitors:[]string path:string user:string secretFile:string ' +
    'secretRef:LocalObjectReference readOnly:bool',
  CinderVolumeSource: 'volumeID:string fsType:string readOnly:bool secretRef:LocalObjectReference',
  ClusterTrustBundleProjection:
    'name:string signerName:string labelSelector:LabelSelector optional:bool path:string',
  ConfigMapEnvSource: ':LocalObjectReference optional:bool',
  ConfigMapKeySelector: ':LocalObjectReference key:string optional:bool',
  ConfigMapProjection: ':LocalObjectReference items:[]KeyToPath optional:bool',
  ConfigMapVolumeSource: ':LocalObjectReference items:[]KeyToPath defaultMode:int32 optional:bool',
  Container:
    'name:string image:string command:[]string args:[]string workingDir:string ' +
    'ports:[]ContainerPort envFrom:[]EnvFromSource env:[]EnvVar ' +
    'resources:ResourceRequirements resizePolicy:[]ContainerResizePolicy ' +
    'restartPolicy:string/ContainerRestartPolicy restartPolicyRules:[]ContainerRestartRule ' +
    'volumeMounts:[]VolumeMount volumeDevices:[]VolumeDevice livenessProbe:Probe ' +
    'readinessProbe:Probe startupProbe:Probe lifecycle:Lifecycle ' +
    'terminationMessagePath:string terminationMessagePolicy:string/TerminationMessagePolicy ' +
    'imagePullPolicy:string/PullPolicy securityContext:SecurityContext stdin:bool ' +
    'stdinOnce:bool tty:bool',
  ContainerExtendedResourceRequest: 'containerName:string resourceName:string requestName:string',
  ContainerPort:
    'name:string hostPort:int32 containerPort:int32 protocol:string/Protocol hostIP:string',
  ContainerResizePolicy:
    'resourceName:string/ResourceName restartPolicy:string/ResourceResizeRestartPolicy',
  ContainerRestartRule:
    'action:string/ContainerRestartRuleAction exitCodes:ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes:
    'operator:string/ContainerRestartRuleOnExitCodesOperator values:[]int32',
  ContainerState:
    'waiting:ContainerStateWaiting running:ContainerStateRunning ' +
    'terminated:ContainerStateTerminated',
  ContainerStateRunning: 'startedAt:!Time',
  ContainerStateTerminated:
    'exitCode:int32 signal:int32 reason:string message:string startedAt:!Time ' +
    'finishedAt:!Time containerID:string',
  ContainerStateWaiting: 'reason:string message:string',
  ContainerStatus:
    'name:string state:ContainerState lastState:ContainerState ready:bool ' +
    'restartCount:int32 image:string imageID:string containerID:string started:bool ' +
    'allocatedResources:{}!resource.Quantity resources:ResourceRequirements ' +
    'volumeMounts:[]VolumeMountStatus user:ContainerUser ' +
    'allocatedResourcesStatus:[]ResourceStatus stopSignal:string/Signal',
  ContainerUser: 'linux:LinuxContainerUser',
  DaemonSet: ':TypeMeta metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus',
  DaemonSetCondition:
    'type:string/DaemonSetConditionType status:string/ConditionStatus ' +
    'lastTransitionTime:!Time reason:string message:string',
  DaemonSetSpec:
    'selector:LabelSelector template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy ' +
    'minReadySeconds:int32 revisionHistoryLimit:int32',
  DaemonSetStatus:
    'currentNumberScheduled:int32 numberMisscheduled:int32 desiredNumberScheduled:int32 ' +
    'numberReady:int32 observedGeneration:int64 updatedNumberScheduled:int32 ' +
    'numberAvailable:int32 numberUnavailable:int32 collisionCount:int32 ' +
    'conditions:[]DaemonSetCondition',
  DaemonSetUpdateStrategy:
    'type:string/DaemonSetUpdateStrategyType rollingUpdate:RollingUpdateDaemonSet',
  Deployment: ':TypeMeta metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus',
  DeploymentCondition:
    'type:string/DeploymentConditionType status:string/ConditionStatus lastUpdateTime:!Time ' +
    'lastTransitionTime:!Time reason:string message:string',
  DeploymentSpec:
    'replicas:int32 selector:LabelSelector template:PodTemplateSpec ' +
    'strategy:DeploymentStrategy minReadySeconds:int32 revisionHistoryLimit:int32 ' +
    'paused:bool progressDeadlineSeconds:int32',
  DeploymentStatus:
    'observedGeneration:int64 replicas:int32 updatedReplicas:int32 readyReplicas:int32 ' +
    'availableReplicas:int32 unavailableReplicas:int32 terminatingReplicas:int32 ' +
    'conditions:[]DeploymentCondition collisionCount:int32',
  DeploymentStrategy: 'type:string/DeploymentStrategyType rollingUpdate:RollingUpdateDeployment',
  DownwardAPIProjection: 'items:[]DownwardAPIVolumeFile',
  DownwardAPIVolumeFile:
    'path:string fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector ' +
    'mode:int32',
  DownwardAPIVolumeSource: 'items:[]DownwardAPIVolumeFile defaultMode:int32',
  EmptyDirVolumeSource: 'medium:string/StorageMedium sizeLimit:!resource.Quantity',
  EnvFromSource: 'prefix:string configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource',
  EnvVar: 'name:string value:string valueFrom:EnvVarSource',
  EnvVarSource:
    'fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector ' +
    'configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector ' +
    'fileKeyRef:FileKeySelector',
  EphemeralContainer: ':EphemeralContainerCommon targetContainerName:string',
  EphemeralContainerCommon:
    'name:string image:string command:[]string args:[]string workingDir:string ' +
    'ports:[]ContainerPort envFrom:[]EnvFromSource env:[]EnvVar ' +
    'resources:ResourceRequirements resizePolicy:[]ContainerResizePolicy ' +
    'restartPolicy:string/ContainerRestartPolicy restartPolicyRules:[]ContainerRestartRule ' +
    'volumeMounts:[]VolumeMount volumeDevices:[]VolumeDevice livenessProbe:Probe ' +
    'readinessProbe:Probe startupProbe:Probe lifecycle:Lifecycle ' +
    'terminationMessagePath:string terminationMessagePolicy:string/TerminationMessagePolicy ' +
    'imagePullPolicy:string/PullPolicy securityContext:SecurityContext stdin:bool ' +
    'stdinOnce:bool tty:bool',
  EphemeralVolumeSource: 'volumeClaimTemplate:PersistentVolumeClaimTemplate',
  ExecAction: 'command:[]string',
  FCVolumeSource: 'targetWWNs:[]string lun:int32 fsType:string readOnly:bool wwids:[]string',
  FileKeySelector: 'volumeName:string path:string key:string optional:bool',
  FlexVolumeSource:
    'driver:string fsType:string secretRef:LocalObjectReference readOnly:bool ' +
    'options:{}string',
  FlockerVolumeSource: 'datasetName:string datasetUUID:string',
  GCEPersistentDiskVolumeSource: 'pdName:string fsType:string partition:int32 readOnly:bool',
  GRPCAction: 'port:int32 service:string',
  GitRepoVolumeSource: 'repository:string revision:string directory:string',
  GlusterfsVolumeSource: 'endpoints:string path:string readOnly:bool',
  HTTPGetAction:
    'path:string port:!intstr.IntOrString host:string scheme:string/URIScheme ' +
    'httpHeaders:[]HTTPHeader',
  HTTPHeader: 'name:string value:string',
  HostAlias: 'ip:string hostnames:[]string',
  HostIP: 'ip:string',
  HostPathVolumeSource: 'path:string type:string/HostPathType',
  ISCSIVolumeSource:
    'targetPortal:string iqn:string lun:int32 iscsiInterface:string fsType:string ' +
    'readOnly:bool portals:[]string chapAuthDiscovery:bool chapAuthSession:bool ' +
    'secretRef:LocalObjectReference initiatorName:string',
  ImageVolumeSource: 'reference:string pullPolicy:string/PullPolicy',
  Job: ':TypeMeta metadata:ObjectMeta spec:JobSpec status:JobStatus',
  JobCondition:
    'type:string/JobConditionType status:string/ConditionStatus lastProbeTime:!Time ' +
    'lastTransitionTime:!Time reason:string message:string',
  JobSpec:
    'parallelism:int32 completions:int32 activeDeadlineSeconds:int64 ' +
    'podFailurePolicy:PodFailurePolicy successPolicy:SuccessPolicy backoffLimit:int32 ' +
    'backoffLimitPerIndex:int32 maxFailedIndexes:int32 selector:LabelSelector ' +
    'manualSelector:bool template:PodTemplateSpec ttlSecondsAfterFinished:int32 ' +
    'completionMode:string/CompletionMode suspend:bool ' +
    'podReplacementPolicy:string/PodReplacementPolicy managedBy:string',
  JobStatus:
    'conditions:[]JobCondition startTime:!Time completionTime:!Time active:int32 ' +
    'succeeded:int32 failed:int32 terminating:int32 completedIndexes:string ' +
    'failedIndexes:string uncountedTerminatedPods:UncountedTerminatedPods ready:int32',
  KeyToPath: 'key:string path:string mode:int32',
  LabelSelector: 'matchLabels:{}string matchExpressions:[]LabelSelectorRequirement',
  LabelSelectorRequirement: 'key:string operator:string/LabelSelectorOperator values:[]string',
  Lifecycle: 'postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:string/Signal',
  LifecycleHandler:
    'exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction sleep:SleepAction',
  LinuxContainerUser: 'uid:int64 gid:int64 supplementalGroups:[]int64',
  LocalObjectReference: 'name:string',
  ManagedFieldsEntry:
    'manager:string operation:string/ManagedFieldsOperationType apiVersion:string ' +
    'time:!Time fieldsType:string fieldsV1:!FieldsV1 subresource:string',
  ModifyVolumeStatus:
    'targetVolumeAttributesClassName:string ' +
    'status:string/PersistentVolumeClaimModifyVolumeStatus',
  NFSVolumeSource: 'server:string path:string readOnly:bool',
  NodeAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:NodeSelector ' +
    'preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm',
  NodeSelector: 'nodeSelectorTerms:[]NodeSelectorTerm',
  NodeSelectorRequirement: 'key:string operator:string/NodeSelectorOperator values:[]string',
  NodeSelectorTerm:
    'matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement',
  ObjectFieldSelector: 'apiVersion:string fieldPath:string',
  ObjectMeta:
    'name:string generateName:string namespace:string selfLink:string uid:string/types.UID ' +
    'resourceVersion:string generation:int64 creationTimestamp:!Time ' +
    'deletionTimestamp:!Time deletionGracePeriodSeconds:int64 labels:{}string ' +
    'annotations:{}string ownerReferences:[]OwnerReference finalizers:[]string ' +
    'managedFields:[]ManagedFieldsEntry',
  OwnerReference:
    'apiVersion:string kind:string name:string uid:string/types.UID controller:bool ' +
    'blockOwnerDeletion:bool',
  PersistentVolumeClaim:
    ':TypeMeta metadata:ObjectMeta spec:PersistentVolumeClaimSpec ' +
    'status:PersistentVolumeClaimStatus',
  PersistentVolumeClaimCondition:
    'type:string/PersistentVolumeClaimConditionType status:string/ConditionStatus ' +
    'lastProbeTime:!Time lastTransitionTime:!Time reason:string message:string',
  PersistentVolumeClaimSpec:
    'accessModes:[]string/PersistentVolumeAccessMode selector:LabelSelector ' +
    'resources:VolumeResourceRequirements volumeName:string storageClassName:string ' +
    'volumeMode:string/PersistentVolumeMode dataSource:TypedLocalObjectReference ' +
    'dataSourceRef:TypedObjectReference volumeAttributesClassName:string',
  PersistentVolumeClaimStatus:
    'phase:string/PersistentVolumeClaimPhase ' +
    'accessModes:[]string/PersistentVolumeAccessMode capacity:{}!resource.Quantity ' +
    'conditions:[]PersistentVolumeClaimCondition allocatedResources:{}!resource.Quantity ' +
    'allocatedResourceStatuses:{}string/ClaimResourceStatus ' +
    'currentVolumeAttributesClassName:string modifyVolumeStatus:ModifyVolumeStatus',
  PersistentVolumeClaimTemplate: 'metadata:ObjectMeta spec:PersistentVolumeClaimSpec',
  PersistentVolumeClaimVolumeSource: 'claimName:string readOnly:bool',
  PhotonPersistentDiskVolumeSource: 'pdID:string fsType:string',
  Pod: ':TypeMeta metadata:ObjectMeta spec:PodSpec status:PodStatus',
  PodAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm ' +
    'preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodAffinityTerm:
    'labelSelector:LabelSelector namespaces:[]string topologyKey:string ' +
    'namespaceSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string',
  PodAntiAffinity:
    'requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm ' +
    'preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm',
  PodCertificateProjection:
    'signerName:string keyType:string maxExpirationSeconds:int32 ' +
    'credentialBundlePath:string keyPath:string certificateChainPath:string ' +
    'userAnnotations:{}string',
  PodCondition:
    'type:string/PodConditionType observedGeneration:int64 status:string/ConditionStatus ' +
    'lastProbeTime:!Time lastTransitionTime:!Time reason:string message:string',
  PodDNSConfig: 'nameservers:[]string searches:[]string options:[]PodDNSConfigOption',
  PodDNSConfigOption: 'name:string value:string',
  PodExtendedResourceClaimStatus:
    'requestMappings:[]ContainerExtendedResourceRequest resourceClaimName:string',
  PodFailurePolicy: 'rules:[]PodFailurePolicyRule',
  PodFailurePolicyOnExitCodesRequirement:
    'containerName:string operator:string/PodFailurePolicyOnExitCodesOperator values:[]int32',
  PodFailurePolicyOnPodConditionsPattern:
    'type:string/PodConditionType status:string/ConditionStatus',
  PodFailurePolicyRule:
    'action:string/PodFailurePolicyAction ' +
    'onExitCodes:PodFailurePolicyOnExitCodesRequirement ' +
    'onPodConditions:[]PodFailurePolicyOnPodConditionsPattern',
  PodIP: 'ip:string',
  PodOS: 'name:string/OSName',
  PodReadinessGate: 'conditionType:string/PodConditionType',
  PodResourceClaim: 'name:string resourceClaimName:string resourceClaimTemplateName:string',
  PodResourceClaimStatus: 'name:string resourceClaimName:string',
  PodSchedulingGate: 'name:string',
  PodSecurityContext:
    'seLinuxOptions:SELinuxOptions windowsOptions:WindowsSecurityContextOptions ' +
    'runAsUser:int64 runAsGroup:int64 runAsNonRoot:bool supplementalGroups:[]int64 ' +
    'supplementalGroupsPolicy:string/SupplementalGroupsPolicy fsGroup:int64 ' +
    'sysctls:[]Sysctl fsGroupChangePolicy:string/PodFSGroupChangePolicy ' +
    'seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile ' +
    'seLinuxChangePolicy:string/PodSELinuxChangePolicy',
  PodSpec:
    'volumes:[]Volume initContainers:[]Container containers:[]Container ' +
    'ephemeralContainers:[]EphemeralContainer restartPolicy:string/RestartPolicy ' +
    'terminationGracePeriodSeconds:int64 activeDeadlineSeconds:int64 ' +
    'dnsPolicy:string/DNSPolicy nodeSelector:{}string serviceAccountName:string ' +
    'serviceAccount:string automountServiceAccountToken:bool nodeName:string ' +
    'hostNetwork:bool hostPID:bool hostIPC:bool shareProcessNamespace:bool ' +
    'securityContext:PodSecurityContext imagePullSecrets:[]LocalObjectReference ' +
    'hostname:string subdomain:string affinity:Affinity schedulerName:string ' +
    'tolerations:[]Toleration hostAliases:[]HostAlias priorityClassName:string ' +
    'priority:int32 dnsConfig:PodDNSConfig readinessGates:[]PodReadinessGate ' +
    'runtimeClassName:string enableServiceLinks:bool ' +
    'preemptionPolicy:string/PreemptionPolicy overhead:{}!resource.Quantity ' +
    'topologySpreadConstraints:[]TopologySpreadConstraint setHostnameAsFQDN:bool os:PodOS ' +
    'hostUsers:bool schedulingGates:[]PodSchedulingGate resourceClaims:[]PodResourceClaim ' +
    'resources:ResourceRequirements hostnameOverride:string workloadRef:WorkloadReference',
  PodStatus:
    'observedGeneration:int64 phase:string/PodPhase conditions:[]PodCondition ' +
    'message:string reason:string nominatedNodeName:string hostIP:string hostIPs:[]HostIP ' +
    'podIP:string podIPs:[]PodIP startTime:!Time initContainerStatuses:[]ContainerStatus ' +
    'containerStatuses:[]ContainerStatus qosClass:string/PodQOSClass ' +
    'ephemeralContainerStatuses:[]ContainerStatus resize:string/PodResizeStatus ' +
    'resourceClaimStatuses:[]PodResourceClaimStatus ' +
    'extendedResourceClaimStatus:PodExtendedResourceClaimStatus ' +
    'allocatedResources:{}!resource.Quantity resources:ResourceRequirements',
  PodTemplateSpec: 'metadata:ObjectMeta spec:PodSpec',
  PortworxVolumeSource: 'volumeID:string fsType:string readOnly:bool',
  PreferredSchedulingTerm: 'weight:int32 preference:NodeSelectorTerm',
  Probe:
    ':ProbeHandler initialDelaySeconds:int32 timeoutSeconds:int32 periodSeconds:int32 ' +
    'successThreshold:int32 failureThreshold:int32 terminationGracePeriodSeconds:int64',
  ProbeHandler: 'exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction',
  ProjectedVolumeSource: 'sources:[]VolumeProjection defaultMode:int32',
  QuobyteVolumeSource:
    'registry:string volume:string readOnly:bool user:string group:string tenant:string',
  RBDVolumeSource:
    'monitors:[]string image:string fsType:string pool:string user:string keyring:string ' +
    'secretRef:LocalObjectReference readOnly:bool',
  ReplicaSet: ':TypeMeta metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus',
  ReplicaSetCondition:
    'type:string/ReplicaSetConditionType status:string/ConditionStatus ' +
    'lastTransitionTime:!Time reason:string message:string',
  ReplicaSetSpec:
    'replicas:int32 minReadySeconds:int32 selector:LabelSelector template:PodTemplateSpec',
  ReplicaSetStatus:
    'replicas:int32 fullyLabeledReplicas:int32 readyReplicas:int32 availableReplicas:int32 ' +
    'terminatingReplicas:int32 observedGeneration:int64 conditions:[]ReplicaSetCondition',
  ResourceClaim: 'name:string request:string',
  ResourceFieldSelector: 'containerName:string resource:string divisor:!resource.Quantity',
  ResourceHealth: 'resourceID:string/ResourceID health:string/ResourceHealthStatus',
  ResourceRequirements:
    'limits:{}!resource.Quantity requests:{}!resource.Quantity claims:[]ResourceClaim',
  ResourceStatus: 'name:string/ResourceName resources:[]ResourceHealth',
  RollingUpdateDaemonSet: 'maxUnavailable:!intstr.IntOrString maxSurge:!intstr.IntOrString',
  RollingUpdateDeployment: 'maxUnavailable:!intstr.IntOrString maxSurge:!intstr.IntOrString',
  RollingUpdateStatefulSetStrategy: 'partition:int32 maxUnavailable:!intstr.IntOrString',
  SELinuxOptions: 'user:string role:string type:string level:string',
  ScaleIOVolumeSource:
    'gateway:string system:string secretRef:LocalObjectReference sslEnabled:bool ' +
    'protectionDomain:string storagePool:string storageMode:string volumeName:string ' +
    'fsType:string readOnly:bool',
  SeccompProfile: 'type:string/SeccompProfileType localhostProfile:string',
  SecretEnvSource: ':LocalObjectReference optional:bool',
  SecretKeySelector: ':LocalObjectReference key:string optional:bool',
  SecretProjection: ':LocalObjectReference items:[]KeyToPath optional:bool',
  SecretVolumeSource: 'secretName:string items:[]KeyToPath defaultMode:int32 optional:bool',
  SecurityContext:
    'capabilities:Capabilities privileged:bool seLinuxOptions:SELinuxOptions ' +
    'windowsOptions:WindowsSecurityContextOptions runAsUser:int64 runAsGroup:int64 ' +
    'runAsNonRoot:bool readOnlyRootFilesystem:bool allowPrivilegeEscalation:bool ' +
    'procMount:string/ProcMountType seccompProfile:SeccompProfile ' +
    'appArmorProfile:AppArmorProfile',
  ServiceAccountTokenProjection: 'audience:string expirationSeconds:int64 path:string',
  SleepAction: 'seconds:int64',
  StatefulSet: ':TypeMeta metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus',
  StatefulSetCondition:
    'type:string/StatefulSetConditionType status:string/ConditionStatus ' +
    'lastTransitionTime:!Time reason:string message:string',
  StatefulSetOrdinals: 'start:int32',
  StatefulSetPersistentVolumeClaimRetentionPolicy:
    'whenDeleted:string/PersistentVolumeClaimRetentionPolicyType ' +
    'whenScaled:string/PersistentVolumeClaimRetentionPolicyType',
  StatefulSetSpec:
    'replicas:int32 selector:LabelSelector template:PodTemplateSpec ' +
    'volumeClaimTemplates:[]PersistentVolumeClaim serviceName:string ' +
    'podManagementPolicy:string/PodManagementPolicyType ' +
    'updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:int32 ' +
    'minReadySeconds:int32 ' +
    'persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy ' +
    'ordinals:StatefulSetOrdinals',
  StatefulSetStatus:
    'observedGeneration:int64 replicas:int32 readyReplicas:int32 currentReplicas:int32 ' +
    'updatedReplicas:int32 currentRevision:string updateRevision:string ' +
    'collisionCount:int32 conditions:[]StatefulSetCondition availableReplicas:int32',
  StatefulSetUpdateStrategy:
    'type:string/StatefulSetUpdateStrategyType rollingUpdate:RollingUpdateStatefulSetStrategy',
  StorageOSVolumeSource:
    'volumeName:string volumeNamespace:string fsType:string readOnly:bool ' +
    'secretRef:LocalObjectReference',
  SuccessPolicy: 'rules:[]SuccessPolicyRule',
  SuccessPolicyRule: 'succeededIndexes:string succeededCount:int32',
  Sysctl: 'name:string value:string',
  TCPSocketAction: 'port:!intstr.IntOrString host:string',
  Toleration:
    'key:string operator:string/TolerationOperator value:string effect:string/TaintEffect ' +
    'tolerationSeconds:int64',
  TopologySpreadConstraint:
    'maxSkew:int32 topologyKey:string ' +
    'whenUnsatisfiable:string/UnsatisfiableConstraintAction labelSelector:LabelSelector ' +
    'minDomains:int32 nodeAffinityPolicy:string/NodeInclusionPolicy ' +
    'nodeTaintsPolicy:string/NodeInclusionPolicy matchLabelKeys:[]string',
  TypeMeta: 'kind:string apiVersion:string',
  TypedLocalObjectReference: 'apiGroup:string kind:string name:string',
  TypedObjectReference: 'apiGroup:string kind:string name:string namespace:string',
  UncountedTerminatedPods: 'succeeded:[]string/types.UID failed:[]string/types.UID',
  Volume: 'name:string :VolumeSource',
  VolumeDevice: 'name:string devicePath:string',
  VolumeMount:
    'name:string readOnly:bool recursiveReadOnly:string/RecursiveReadOnlyMode ' +
    'mountPath:string subPath:string mountPropagation:string/MountPropagationMode ' +
    'subPathExpr:string',
  VolumeMountStatus:
    'name:string mountPath:string readOnly:bool ' +
    'recursiveReadOnly:string/RecursiveReadOnlyMode',
  VolumeProjection:
    'secret:SecretProjection downwardAPI:DownwardAPIProjection ' +
    'configMap:ConfigMapProjection serviceAccountToken:ServiceAccountTokenProjection ' +
    'clusterTrustBundle:ClusterTrustBundleProjection ' +
    'podCertificate:PodCertificateProjection',
  VolumeResourceRequirements: 'limits:{}!resource.Quantity requests:{}!resource.Quantity',
  VolumeSource:
    'hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource ' +
    'gcePersistentDisk:GCEPersistentDiskVolumeSource ' +
    'awsElasticBlockStore:AWSElasticBlockStoreVolumeSource gitRepo:GitRepoVolumeSource ' +
    'secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:ISCSIVolumeSource ' +
    'glusterfs:GlusterfsVolumeSource ' +
    'persistentVolumeClaim:PersistentVolumeClaimVolumeSource rbd:RBDVolumeSource ' +
    'flexVolume:FlexVolumeSource cinder:CinderVolumeSource cephfs:CephFSVolumeSource ' +
    'flocker:FlockerVolumeSource downwardAPI:DownwardAPIVolumeSource fc:FCVolumeSource ' +
    'azureFile:AzureFileVolumeSource configMap:ConfigMapVolumeSource ' +
    'vsphereVolume:VsphereVirtualDiskVolumeSource quobyte:QuobyteVolumeSource ' +
    'azureDisk:AzureDiskVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource ' +
    'projected:ProjectedVolumeSource portworxVolume:PortworxVolumeSource ' +
    'scaleIO:ScaleIOVolumeSource storageos:StorageOSVolumeSource csi:CSIVolumeSource ' +
    'ephemeral:EphemeralVolumeSource image:ImageVolumeSource',
  VsphereVirtualDiskVolumeSource:
    'volumePath:string fsType:string storagePolicyName:string storagePolicyID:string',
  WeightedPodAffinityTerm: 'weight:int32 podAffinityTerm:PodAffinityTerm',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpecName:string gmsaCredentialSpec:string runAsUserName:string ' +
    'hostProcess:bool',
  WorkloadReference: 'name:string podGroup:string podGroupReplicaKey:string',
};
