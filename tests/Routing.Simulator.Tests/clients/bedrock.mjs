import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { config, failure, report } from './shared.mjs';

// Plain HTTP/1.1: the default handler speaks HTTP/2, which needs TLS.
const handler = () => new NodeHttpHandler();
const client = (changes = {}) => new BedrockRuntimeClient({
  endpoint: config.address, region: config.region, maxAttempts: 1, requestHandler: handler(),
  credentials: { accessKeyId: config.keyId, secretAccessKey: config.secret }, ...changes,
});
const ask = (model = config.model, changes = {}) => ({
  modelId: model, messages: [{ role: 'user', content: [{ text: config.prompt }] }], ...changes,
});
const converse = (by, input = ask()) => by.send(new ConverseCommand(input));

async function stream(input = ask()) {
  const answer = await client().send(new ConverseStreamCommand(input));
  let text = '', toolInput = '', stopReason, usage, latencyMs;
  const events = [];
  for await (const event of answer.stream) {
    const kind = Object.keys(event)[0];
    if (events.at(-1) !== kind) events.push(kind);
    text += event.contentBlockDelta?.delta?.text ?? '';
    toolInput += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
    stopReason = event.messageStop?.stopReason ?? stopReason;
    usage = event.metadata?.usage ?? usage;
    latencyMs = event.metadata?.metrics?.latencyMs ?? latencyMs;
  }
  return { text, toolInput, events, stopReason, usage, latencyMs, requestId: answer.$metadata.requestId };
}

const tampering = () => {
  const inner = handler();
  return { handle: (request, options) => inner.handle(Object.assign(request, { body: request.body.replace('"user"', '"user" ') }), options), destroy: () => inner.destroy() };
};
const tools = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }], toolChoice: { tool: { name: 'find' } } };

await report({
  unary: async () => {
    const answer = await converse(client());
    return { text: answer.output.message.content[0].text, stopReason: answer.stopReason, usage: answer.usage, requestId: answer.$metadata.requestId };
  },
  stream: () => stream(),
  arn: async () => (await converse(client(), ask(config.arn))).output.message.content[0].text,
  maxTokens: () => stream(ask(config.model, { inferenceConfig: { maxTokens: 5 } })),
  tool: () => stream(ask(config.model, { toolConfig: tools })),
  wrongSecret: () => failure(() => converse(client({ credentials: { accessKeyId: config.keyId, secretAccessKey: 'not-the-secret' } }))),
  wrongKey: () => failure(() => converse(client({ credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: config.secret } }))),
  wrongRegion: () => failure(() => converse(client({ region: 'eu-central-1' }))),
  tamperedBody: () => failure(() => converse(client({ requestHandler: tampering() }))),
  throttled: () => failure(() => converse(client(), ask('throttled'))),
  inBand: () => failure(() => stream(ask('in-band'))),
  damaged: () => failure(() => stream(ask('damaged'))),
});
