export { AWKWARD_REPLIES, type AwkwardReply } from './awkward-replies.ts';
export { RecordedRequest, type RecordedMessage } from './recorded-request.ts';
export { scriptedEmbedding } from './scripted-embedding.ts';
export { ScriptedModel, UNSCRIPTED_ANSWER, type ReplyHandler, type ScriptedModelOptions } from './scripted-model.ts';
export {
  answersStatus,
  fails,
  hangs,
  limits,
  offersNoChoice,
  rejectsParameter,
  resets,
  says,
  saysJson,
  type SaysOptions,
  type ScriptedReply,
  type ScriptedUsage,
} from './scripted-reply.ts';
