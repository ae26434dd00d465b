import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, CountTokensCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
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
const count = async (modelId, input) => {
  const answer = await client().send(new CountTokensCommand({ modelId, input }));
  return { inputTokens: answer.inputTokens, requestId: answer.$metadata.requestId };
};
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


// Two tools, both called, both answered: what a tool-using program does.
const two = { toolConfig: { tools: ['find', 'count'].map((name) => ({ toolSpec: { name, inputSchema: { json: { type: 'object', properties: { limit: { type: 'integer', minimum: 1 } } } } } })) } };
const parallel = [{ role: 'user', content: [{ text: 'Look it up in parallel, but explain first.' }] }];
async function conversation() {
  const first = await client().send(new ConverseCommand({ modelId: config.model, messages: parallel, ...two }));
  const calls = first.output.message.content.filter((block) => block.toolUse).map((block) => block.toolUse);
  const results = { role: 'user', content: calls.map((call) => ({ toolResult: { toolUseId: call.toolUseId, content: [{ text: `${call.name} says 42` }] } })) };
  const second = await client().send(new ConverseCommand({ modelId: config.model, messages: [...parallel, first.output.message, results], ...two }));
  return { stopReason: first.stopReason, calls, answer: second.output.message.content[0].text };
}

async function streamedTools() {
  const answer = await client().send(new ConverseStreamCommand({ modelId: config.model, messages: parallel, ...two }));
  const blocks = {};
  for await (const event of answer.stream) {
    const start = event.contentBlockStart, delta = event.contentBlockDelta;
    if (start) blocks[start.contentBlockIndex] = { name: start.start.toolUse.name, id: start.start.toolUse.toolUseId, input: '', pieces: 0 };
    if (delta?.delta.toolUse) {
      blocks[delta.contentBlockIndex].input += delta.delta.toolUse.input;
      blocks[delta.contentBlockIndex].pieces++;
    }
  }
  return Object.entries(blocks).map(([index, block]) => ({ index: Number(index), ...block }));
}

const thinking = { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1024 } }, inferenceConfig: { maxTokens: 2000 } };
async function thoughts() {
  const whole = (await converse(client(), ask(config.model, thinking))).output.message.content[0].reasoningContent.reasoningText;
  let text = '', signature = '';
  for await (const event of (await client().send(new ConverseStreamCommand(ask(config.model, thinking)))).stream) {
    text += event.contentBlockDelta?.delta?.reasoningContent?.text ?? '';
    signature += event.contentBlockDelta?.delta?.reasoningContent?.signature ?? '';
  }
  return { whole, text, signature };
}

const image = { format: 'png', source: { bytes: Uint8Array.from(atob(config.png), (c) => c.charCodeAt(0)) } };
async function invoke(modelId, body) {
  const answer = await client().send(new InvokeModelCommand({ modelId, contentType: 'application/json', body: JSON.stringify(body) }));
  return JSON.parse(answer.body.transformToString());
}

await report({
  conversation, streamedTools, thoughts,
  image: async () => (await converse(client(), { modelId: config.model, messages: [{ role: 'user', content: [{ image }, { text: 'What is it?' }] }] })).usage.inputTokens,
  titan: async () => { const { embedding, inputTextTokenCount } = await invoke('amazon.titan-embed-text-v2:0', { inputText: 'one two', dimensions: 256 }); return { size: embedding.length, inputTextTokenCount }; },
  cohere: async () => (await invoke('cohere.embed-english-v3', { texts: ['a', 'b'], input_type: 'search_document' })).embeddings.map((vector) => vector.length),
  unknownStop: async () => (await converse(client(), ask('novel-stop'))).stopReason,
  unary: async () => {
    const answer = await converse(client());
    return { text: answer.output.message.content[0].text, stopReason: answer.stopReason, usage: answer.usage, requestId: answer.$metadata.requestId };
  },
  nova: async () => {
    const answer = await converse(client(), ask('us.amazon.nova-2-lite-v1:0', { additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } } }));
    return { reasoning: answer.output.message.content[0].reasoningContent.reasoningText, text: answer.output.message.content[1].text, outputTokens: answer.usage.outputTokens };
  },
  stream: () => stream(),
  count: () => count(config.model, { converse: { messages: ask().messages } }),
  countInvoke: () => count(config.model, { invokeModel: { body: new TextEncoder().encode(JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 500, messages: [{ role: 'user', content: config.prompt }] })) } }),
  countProfile: () => failure(() => count(config.arn, { converse: { messages: ask().messages } })),
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
