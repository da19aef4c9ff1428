const SUBJECT = "I|I['’](?:m|ve|ll|d)|we|we['’](?:re|ve|ll|d)|my|our";
const OTHERS = "he|she|they|it|it['’]s|you|your|he['’]s|she['’]s|they['’]re|you['’]re|that['’]s|this";
const WH = 'what|which|where|who|whom|whose|when|why|how';
const AUXILIARY = 'do|does|did|can|could|would|will|should|is|are|was|were|have|has|may|shall';
const IMPERATIVE =
  "please(?= \\p{L})|tell|help|give|recommend|suggest|find|show|write|make|explain|let['’]s|don['’]t|do not|never|always|stop|avoid|remember|list|create|translate|keep|call me";

/** Where a new clause of its own begins inside a statement; the match ends where the clause starts. */
export const ENGLISH_CLAUSE_BREAK = new RegExp(
  `(?:[,;:]|\\s[–—-])\\s+(?=(?:and |but |so |also |then |plus |yet )?(?:${SUBJECT}|${OTHERS}|${IMPERATIVE}|actually|from now on|now I|(?:can|could|would|will|do|did|are) (?:you|I|we)|how (?:can|do|should) (?:I|we|you)|nothing (?:with|containing)|no \\p{L}+(?: \\p{L}+)? for (?:me|us))\\b)|(?<!\\b(?:I|we|me|us))\\s+(?=(?:and|but|so) (?:also |then |now |please )?(?:${SUBJECT}|${OTHERS}|${IMPERATIVE})\\b)`,
  'giu',
);

/** Besides, where the question begins in a sentence that ends with a question mark, and where a reason is given in it. */
export const ENGLISH_QUESTION_BREAK = new RegExp(
  `(?:[,;:]|\\s[–—-])\\s+(?=(?:and |but |so )?(?:${WH}|${AUXILIARY}|any|are there|in which|for which|at which|on which)\\b)|\\s+(?=(?:and|but|so) (?:${WH}|(?:${AUXILIARY}) (?:I|you|we|there|it|the|they))\\b)|,?\\s+(?=(?:because|since|given that|now that|seeing that) (?:${SUBJECT})\\b)`,
  'giu',
);

/** A clause that asks by its form. */
export const ENGLISH_ASKS = new RegExp(
  `^(?:(?:and|so|but) )?(?:(?:${WH})(?:['’]s|['’]re)?(?: (?!I was|I am|we were)|$)|(?:in|for|at|on|to|with) (?:which|what|whom)\\b|(?:${AUXILIARY}|am|had)(?:n['’]t)? (?:I|you|we|he|she|it|they|there|the|this|that|these|those|my|your|our|any|anyone|anybody|a|an|some|someone)\\b|any (?:ideas?|suggestions?|recommendations?|tips|advice|thoughts|chance|good)\\b|(?:i was |i['’]m |just )?wondering\\b)`,
  'iu',
);

/** Words that only lead into a clause and are left off its text. */
export const ENGLISH_LEADING = new RegExp(
  `^(?:(?:and|but|so|also|well|oh|ah|hmm|um|ok|okay|hi|hello|hey|yes|yeah|yep|no|nope|nah|actually|by the way|btw|anyway|besides|plus|then|right|sure|thanks|thank you|instead|seriously(?: though)?|for context|for the record|for now|that said|in return|as it happens|honestly|frankly|fyi|just so you know|for your information|in fact|unfortunately|luckily|sadly|good morning|good evening|alright|great|cool|nice|perfect|sorry|exactly|correct|update|well)(?:[,!.:]+\\s*|\\s+(?=(?:${SUBJECT}|please|never|always|don['’]t|do not|stop|remember|the|actually|also|you can|from now on|it['’]s)\\b)|\\s+(?=\\p{L}+ (?:is|are) (?:fine|ok|okay|good|all right|alright)\\b))|(?:because|since|given that|now that|seeing that|as|though|although|while|and|but|so)\\s+(?=(?:${SUBJECT})\\b))`,
  'iu',
);

/** Marks of what is supposed, wished, guessed or left open. */
export const ENGLISH_HEDGE =
  /\b(?:if|unless|whether|maybe|perhaps|might|would|wouldn['’]t|could|couldn['’]t|should|shouldn['’]t|suppose|supposing|assuming|assume|hypothetically|theoretically|imagine|pretend|wish|wished|possibly|probably|presumably|supposedly|apparently|in theory|let['’]s say|say I|as if|as though|not sure|unsure|no idea|considering|wondering|wonder|thinking (?:about|of)|tempted|debating|guess|or something|dream(?:ed|t)? (?:that|of|about|I)|in my dreams?|ought|seems?|seemed|almost|nearly|failed to|someday|one day|obviously|basically|supposed to be)\b|\b(?:i|we)['’]d\b|\bmay (?:be|have|not|go|get|move|take|try|want|need|become|buy|visit)\b|\bor (?:not|maybe)\b/iu;

export const ENGLISH_JOKE =
  /\b(?:just kidding|kidding|jk|j\/k|just joking|joking|only joking|joke|sarcasm|yeah,? right|as if|lol jk|april fools?)\b|(?:^|\s)\/s(?:$|\s)/iu;

/** Words of others. */
export const ENGLISH_REPORTED =
  /\b(?:said|says|saying|told|tells|claims?|claimed|according to|quote|quoted|wrote|replied|asked|asks|mentioned that|thinks|thought that|believes|joked|insists?|reads?:|goes:)\b/iu;
export const ENGLISH_SAYS_NEXT =
  /\b(?:said|says|told (?:me|us|him|her|them|everyone)|wrote|texted(?: me| us)?|messaged(?: me| us)?|emailed(?: me| us)?|posted|announced|whispered|admitted|replied|asked|goes|shouted|quote|lyrics?|sings?|sang)[\s,:]*$/iu;

export const ENGLISH_ROLE_PLAY =
  /\b(?:role[- ]?play(?:ing)?|let['’]s play (?:a|pretend|dungeons)|text adventure|(?<=^|[.!?\n]\s{0,3})you are (?:an?|my|the) (?!(?:great|best|stars?|genius|lifesaver|angel|legend|good|real|life|big|true|wonderful|amazing|awesome|fantastic|helpful|expert|assistant|professional|experienced|skilled|knowledgeable|\p{L}+ (?:expert|assistant|coach|advisor|adviser))\b)|pretend(?:ing)?|imagine|act(?:ing)? as|you are now|play the (?:role|part)|in (?:this|the|my) (?:story|novel|game|scene|script|movie|role)|my (?:character|protagonist|hero|persona|novel|story)|write (?:me )?(?:a|an|the|some) (?:\w+ ){0,3}(?:story|poem|song|novel|letter|scene|script|essay|dialogue|monologue|speech|joke|diary)|from the (?:perspective|point of view) of|once upon a time|example sentence|fictional|hypothetical)\b/iu;
/** Role play that lasts beyond one message. */
export const ENGLISH_LASTING_ROLE_PLAY =
  /\b(?:role[- ]?play|let['’]s play (?:a|pretend|dungeons)|text adventure|pretend (?:to be|you['’]?(?:re| are)|that you|i['’]?a?m)|act as|act out|you are now|play the (?:role|part) of|let['’]s pretend|you (?:play|be) (?:a|an|the|my) \p{L}+,? and I(?:['’]m| am|['’]ll| will)?|(?<=^|[.!?\n]\s{0,3})you(?:['’]re| are) [^.!?\n]{2,40}?,? and (?:I['’]m|I am|I['’]ll be|I will be) [^.!?\n]{2,40})\b/iu;
export const ENGLISH_ROLE_PLAY_END =
  /\b(?:stop (?:the )?(?:role[- ]?play(?:ing)?|pretending|acting)|end (?:of )?(?:the )?(?:role[- ]?play|scene)|scene over|end scene|back to (?:reality|normal|real life)|out of character|for real now|role[- ]?play is over)\b/iu;

/** Talk about the assistant, its memory or its instructions: nothing of it is about the user's life. */
export const ENGLISH_META =
  /\b(?:you (?:forgot|remembered?|misremember\w*|got (?:it|that|this) wrong|made (?:a|that) mistake|keep (?:forgetting|repeating|saying)|always forget|never remember|didn['’]t (?:remember|listen|answer|understand)|don['’]t remember|misunderstood|are wrong|['’]re wrong|hallucinat\w+|are an? (?:\w+ )?(?:ai|assistant|bot|model|expert|helpful)|['’]re an? (?:\w+ )?(?:ai|assistant|bot|model)|must|are not allowed|have to obey|said|told me|suggested|recommended|mentioned|wrote|asked me)|your (?:memory|memories|answers?|repl(?:y|ies)|responses?|instructions?|system prompt|prompt|training|knowledge|suggestions?|recommendations?|list|last message|output|context)|as an ai|(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,4}(?:instructions?|rules?|prompts?|guidelines?|above|everything|previous|prior)|system (?:prompt|message|override)|new instructions?|jailbreak\w*|developer mode|the (?:assistant|chatbot|user)['’s]*\b|this (?:chat|conversation|session|app|plugin|bot|chatbot|assistant)|my (?:last|previous|earlier|next|first|other) (?:question|message|prompt)|my (?:question|prompt|request|point|query) (?:is|was)|as I (?:said|mentioned)|i (?:already )?(?:said|told|asked|mentioned|meant|typed|repeat))\b/iu;
/** A message with one of these is an attempt to instruct, not a conversation. */
export const ENGLISH_INJECTION =
  /\b(?:ignore|disregard|forget|override|bypass) (?:\w+ ){0,4}(?:instructions?|rules?|prompts?|guidelines?)\b|\b(?:new|updated|system) (?:instructions?|override)\s*:|\bsystem\s*(?:prompt|message)\s*:|\bas an ai\b.*\bmust\b|\byou are now (?:in )?(?:dan|developer mode|jailbroken|unrestricted)\b|\bdo anything now\b|<\|?(?:im_start|system|endoftext)|\[(?:inst|system)\]/iu;

/** One greeting, thanks or acknowledgement at the beginning of a text; matched again and again, so that no text takes long. */
export const ENGLISH_SMALL_TALK =
  /^(?:hi+|hello+|hey+|yo|howdy|hiya|good (?:morning|afternoon|evening|night|day)|bye+|goodbye|see (?:you|ya)(?: (?:later|soon|tomorrow))?|talk (?:to you )?(?:later|soon)|thanks?(?: a (?:lot|bunch|million))?|thank you(?: (?:so|very) much)?|thx|ty|cheers|ok(?:ay)?|k|kk|alright|all right|got it|i see|understood|makes sense|sounds (?:good|great|nice|fine)|great|good|nice|cool|awesome|perfect|wonderful|fine|sure|yes|yep|yeah|yup|no|nope|nah|right|exactly|indeed|correct|true|wow|oh|ah|hmm+|huh|lol+|haha+|hehe+|please|sorry|no problem|you['’]?re welcome|welcome|never ?mind|not really|i (?:agree|know|understand|guess so|think so|hope so|don['’]t know)|how are you(?: (?:doing|today))?|what['’]?s up|how['’]?s it going|i['’]?m (?:fine|good|ok|okay|great|well|back|here|done)|that['’]?s (?:great|good|nice|right|all|it|fine|ok|okay|perfect|true|cool)|love (?:it|that)|well done|good (?:job|idea|point)|for (?:that|your help|the help|everything)|very much|there|again|everyone|buddy|friend|mate|and you|you too|so much|then)(?![\p{L}\p{N}])[\s,.!?~:)]*(?:\p{Extended_Pictographic}\s*)*/iu;
