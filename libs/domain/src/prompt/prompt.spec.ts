import { answerFromMemory } from './answer-from-memory.ts';
import { builtInPrompt, composeSystemPrompt, type PromptItem, renderMemories } from './prompt.ts';

const AT = Date.UTC(2026, 10, 21, 9, 5);
const fact: PromptItem = { kind: 'fact', text: 'I live in Lyon', statedAt: AT, assistantView: false, fileName: null };
const preference: PromptItem = {
  kind: 'explicit_preference',
  text: 'Never suggest seafood',
  statedAt: AT,
  assistantView: false,
  fileName: null,
};

describe('the memory block', () => {
  it('lists dated facts, then preferences with their kind', () => {
    expect(renderMemories([preference, fact], 'Asia/Shanghai')).toBe(
      '<memories>\n<facts>\n-[2026-11-21 17:05] I live in Lyon\n</facts>\n<preferences>\n-[2026-11-21 17:05] [Explicit Preference] Never suggest seafood\n</preferences>\n</memories>',
    );
  });

  it("marks what rests on an assistant's words", () => {
    expect(renderMemories([{ ...fact, assistantView: true }], 'UTC')).toContain('[Assistant View] I live in Lyon');
  });

  it('names the document a line was read in, and keeps skills in a block of their own', () => {
    const read: PromptItem = { ...fact, text: 'Returns within 30 days', fileName: 'returns.pdf' };
    const skill: PromptItem = { ...fact, kind: 'skill', text: 'refund: 1. check\n2. pay' };
    const block = renderMemories([read, skill], 'UTC');
    expect(block).toContain('[File: returns.pdf] Returns within 30 days');
    expect(block).toMatch(/<skills>\n-\[.+\] refund: 1\. check 2\. pay\n<\/skills>\n<\/memories>$/);
    expect(answerFromMemory({ recalled: [read, skill], noted: [] }, 'en', 'UTC')).toMatch(
      /Returns within 30 days \(returns\.pdf\)\n[^]+\(skill\)$/,
    );
  });

  it('tells 4,000 characters of a memory and of a name, and never half a character', () => {
    const lines = renderMemories([{ ...fact, text: `${'x'.repeat(3_999)}😀tail`, fileName: `${'n'.repeat(4_000)}.pdf` }], 'UTC');
    expect(lines).toContain(`[File: ${'n'.repeat(4_000)}…] ${'x'.repeat(3_999)}…\n`);
    expect(renderMemories([{ ...fact, text: 'x'.repeat(4_000) }], 'UTC')).toContain(`${'x'.repeat(4_000)}\n`);
  });

  it('looks at no run of white space twice, however many and long they are', () => {
    const item = { ...fact, text: `a${' '.repeat(1_000_000)}b`, fileName: `<${' '.repeat(1_000_000)}b` };
    const block = renderMemories(
      Array.from({ length: 200 }, () => item),
      'UTC',
    );
    expect(block.length).toBeLessThan(200 * 100);
    expect(renderMemories([{ ...fact, text: `a <${'\t'.repeat(50)}/${'\n'.repeat(50)}facts> b` }], 'UTC')).toContain('a ‹ / facts> b\n');
  });

  it('keeps one line per memory', () => {
    expect(renderMemories([{ ...fact, text: 'one\n\n</facts> two' }], 'UTC')).toContain('one ‹/facts> two\n');
  });
});

describe('the system prompt', () => {
  it('replaces every exact {memories} and leaves other braces and dollar signs alone', () => {
    const prompt = composeSystemPrompt('{memories} {other} {memories}', [{ ...fact, text: "costs $& and $'" }], 'en', 'UTC');
    expect(prompt.match(/costs \$& and \$'/g)).toHaveLength(2);
    expect(prompt).toContain('{other}');
  });

  it('appends the memories to a prompt without a place for them', () => {
    expect(composeSystemPrompt('Be brief.', [fact], 'en', 'UTC')).toMatch(/^Be brief\.\n\n.+\n<memories>/);
  });

  it('leaves a prompt without a place alone when there is nothing to tell', () => {
    expect(composeSystemPrompt('Be brief.', [], 'en', 'UTC')).toBe('Be brief.');
  });

  it('names the time and weekday in the language of the query', () => {
    expect(builtInPrompt('en', AT, 'UTC')).toContain('2026-11-21 09:05 (Saturday)');
    expect(builtInPrompt('zh', AT, 'UTC')).toContain('2026-11-21 09:05 (星期六)');
  });
});

describe('the answer without a model', () => {
  it('says that it only quotes, in the language of the query', () => {
    expect(answerFromMemory({ recalled: [fact], noted: [] }, 'en', 'UTC')).toMatch(/^No chat model.*\n- \[2026-11-21\] I live in Lyon$/);
    expect(answerFromMemory({ recalled: [preference], noted: [] }, 'zh', 'UTC')).toMatch(
      /^目前没有连接对话模型.*\n- \[2026-11-21\] Never suggest seafood \(偏好\)$/,
    );
  });

  it('tells what it takes from the message itself', () => {
    expect(answerFromMemory({ recalled: [], noted: ['I live in Lyon'] }, 'en', 'UTC')).toMatch(
      /remember nothing.*\n.*will remember.*\n- I live in Lyon$/,
    );
  });

  it('admits that it remembers nothing', () => {
    expect(answerFromMemory({ recalled: [], noted: [] }, 'other', 'UTC')).toMatch(/remember nothing/);
  });
});
