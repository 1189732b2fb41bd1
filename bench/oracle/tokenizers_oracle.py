"""Small tokenizers of every kind that is read, and what Hugging Face's own library (Rust) makes of awkward texts.

    python bench/oracle/tokenizers_oracle.py src/model/fixtures/tokenizers.json

from the repository's root writes the texts, and of each kind the file itself, and each text's ids and what they say; with
`--only qwen-2.5,qwen-3` behind it those kinds alone, into the file that is there. (Unigram and WordPiece are trained
otherwise each time.) It needs `tokenizers==0.23.2`.
"""

import json
import struct
import sys
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

TEXTS = [
    "The baker of Riga sings.",
    " leading",
    "trailing  ",
    "two  spaces   and four    .",
    "a\nb\r\nc\n\n\nd\t\te",
    "½ ² ① ٣ Ⅷ 12345 3.14 1st x2y²z",
    "\ufeffbegins with a mark",
    "a mark\ufeffinside, and \ufeff alone",
    "\u00a0no break\u00a0space \u0085next line\u2028separator\u3000wide",
    "zero\u200bwidth\u200djoiner\u2060",
    "Grüße, naïve café, e\u0301 combining, ﬁ ligature, Å Å",
    "世界你好，世界。日本語テキスト 한국어",
    "हिन्दी ไทย العربية עברית",
    "👩‍👩‍👧‍👦 🎈🏳️‍🌈 🇱🇻",
    "don't I'LL we've 'tis rock'n'roll",
    "((!!)) ... -- ??? [x] {y} <z> @#$%^&*",
    "▁literal ▁▁ lower",
    "Ġliteral Ċ",
    "<0x41> <0xE2><0x96>",
    "<s> begin </s>end<unk> <s>",
    "Σίσυφος ΑΣ İstanbul ſ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\u0000 null \u0007 bell",
    "_snake_case camelCase UPPER x_1",
    "𝒜𝓁𝑔 𐍈 𠜎",
    "",
    " ",
    "   ",
    "\n",
]

# Of single kinds, beside all the others.
MORE_TEXTS = {
    "qwen": [
        "<|im_start|>user\nWhat is 12345 + 6789?<|im_end|>\n<|im_start|>assistant\n",
        "The end.<|endoftext|>The beginning.<|endoftext|><|endoftext|>",
        "<think>\n\n</think>\n\n<tool_call> im_start <|im_start |> <|IM_END|>",
        "he'S, SHE'LL, it'd, y'all'd've, 'Twas, l'été, rock'N'roll, it'ſ",
        "x=1234567890;y=3.14159;z=٣٤٥ ½²",
        "first\r\nsecond\r\n\r\n\tthird \n  fourth  \n\n\n   ",
        "Cafe\u0301 A\u030angstro\u0308m \u212b \u1100\u1161\u11a8 q\u0307\u0323 \ufb01 ２",
        "(parentheses)\n[brackets]!?\r\n...\n-- done --",
    ],
}

CORPUS = [
    "The baker of Riga sings and the dog of the nurse runs to the old market in the rain.",
    "A nurse put the bread on the table; the children counted 12 apples, 345 pears and 6789 plums.",
    "Don't you think that we've seen enough? I'll say it's over, she said, and they're gone.",
    "Die Bäckerin grüßt: schöne Grüße aus Zürich! café naïve.",
    "世界 你好 日本語",
] * 4
QUIET = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def trained(tokenizer, kind, size=420, **more):
    trainer = kind(vocab_size=size, show_progress=False, **more)
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def byte_level(pre, normalizer=None, ignore_merges=False, special=("</s>", "<s>")):
    """Trained on whole lines, so that there are tokens across every place where `pre` could cut."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = QUIET
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        show_progress=False,
        special_tokens=list(special),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )
    tokenizer.train_from_iterator([text for text in TEXTS for _ in range(3)], trainer)
    tokenizer.pre_tokenizer = pre
    if normalizer:
        tokenizer.normalizer = normalizer
    return tokenizer


LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
PLAIN = pre_tokenizers.ByteLevel(add_prefix_space=False)


def with_bytes(tokenizer):
    """The same with a token for every byte, for what has none."""
    file = json.loads(tokenizer.to_str())
    model = file["model"]
    model["byte_fallback"] = True
    if model["type"] == "Unigram":
        model["vocab"] += [[byte, -20.0] for byte in BYTES]
    else:
        vocab = model["vocab"]
        for byte in BYTES:
            vocab.setdefault(byte, len(vocab))
    return Tokenizer.from_str(json.dumps(file))


def llama2():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    # Trained on words, so that tokens end where words do, as sentencepiece does.
    words = pre_tokenizers.Metaspace()
    tokenizer.pre_tokenizer = words
    tokenizer = trained(tokenizer, trainers.BpeTrainer, special_tokens=["<unk>", "<s>", "</s>"])
    file = json.loads(tokenizer.to_str())
    file["pre_tokenizer"] = None
    return with_bytes(Tokenizer.from_str(json.dumps(file)))


def metaspace(scheme, split, kind="BPE", fallback=True):
    model = models.BPE(unk_token="<unk>") if kind == "BPE" else models.Unigram()
    tokenizer = Tokenizer(model)
    # Trained on words, so that tokens end where words do.
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    space = decoders.Metaspace(prepend_scheme=scheme, split=split)
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), space]) if fallback else space
    special = ["<unk>", "<s>", "</s>"]
    if kind == "BPE":
        tokenizer = trained(tokenizer, trainers.BpeTrainer, special_tokens=special)
    else:
        tokenizer = trained(tokenizer, trainers.UnigramTrainer, 200, special_tokens=special, unk_token="<unk>")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme=scheme, split=split)
    return with_bytes(tokenizer) if fallback else tokenizer


def splitting(behavior, invert=False, pattern=r"[\p{P}\s]+"):
    return byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(pattern), behavior, invert), QUIET])
    )


def words(pre, kind=models.WordPiece):
    tokenizer = Tokenizer(kind(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.WordPiece(cleanup=False)
    return trained(tokenizer, trainers.WordPieceTrainer, 200, special_tokens=["<unk>", "<s>", "</s>"])


def also(*steps):
    return byte_level(pre_tokenizers.Sequence([*steps, QUIET]))


def charsmap(pairs):
    """A map of texts as sentencepiece compiles it: a double array (Darts), then the new texts, each ended by a zero."""
    texts, values, trie = b"", {}, {}
    for old, new in sorted(pairs.items(), key=lambda pair: pair[0].encode()):
        values[old.encode()] = len(texts)
        texts += new.encode() + b"\0"
        for end in range(1, len(old.encode()) + 1):
            trie.setdefault(old.encode()[: end - 1], set()).add(old.encode()[end - 1])
    units, bases = {0: 0}, set()

    def place(prefix, position):
        labels = sorted(trie.get(prefix, set())) + ([0] if prefix in values else [])
        base = next(
            base
            for base in range(1, 1 << 20)
            if base not in bases and all(base ^ label not in units for label in labels)
        )
        bases.add(base)
        for label in labels:
            units[base ^ label] = label if label else 0x80000000 | values[prefix]
        units[position] |= (base ^ position) << 10 | (0x100 if prefix in values else 0)
        for label in labels:
            if label:
                place(prefix + bytes([label]), base ^ label)

    place(b"", 0)
    array = b"".join(struct.pack("<I", units.get(at, 0)) for at in range(max(units) + 256))
    return struct.pack("<I", len(array)) + array + texts


MAP = {"\t": " ", "\n": " ", "\u00a0": " ", "\u3000": " ", "\u200b": "", "½": "1/2", "²": "2", "①": "1", "Ⅷ": "VIII"}
MAP |= {"ﬁ": "fi", "e\u0301": "é", "\ufeff": "", "Å": "Å", "ü": "ue", "ａ": "a", "한": "HAN", "...": "…", "\r\n": " "}

def qwen(added, merges_are_pairs):
    """As Qwen saves it: no special token among the merged ones, all of them behind, and room for ids that no token has."""
    pre = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN), "isolated"), QUIET])
    file = json.loads(byte_level(pre, normalizers.NFC(), special=[]).to_str())
    model = file["model"]
    quiet = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": False}
    flags = {flag: False for flag in ("single_word", "lstrip", "rstrip", "normalized")}
    merges = model["merges"] if merges_are_pairs else [" ".join(pair) for pair in model["merges"]]
    return {
        **file,
        "added_tokens": [
            {"id": len(model["vocab"]) + place, "content": content, **flags, "special": content.startswith("<|")}
            for place, content in enumerate(added)
        ],
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [file["pre_tokenizer"]["pretokenizers"][0], quiet]},
        "post_processor": quiet,
        "decoder": quiet,
        "model": {
            **model,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "merges": merges,
        },
    }


ENDS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
KINDS = {
    "gpt2": lambda: byte_level(PLAIN),
    "gpt2-prefix-space": lambda: byte_level(pre_tokenizers.ByteLevel(add_prefix_space=True)),
    "gpt2-nfc": lambda: byte_level(PLAIN, normalizers.NFC()),
    "llama-3": lambda: byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), QUIET]), ignore_merges=True
    ),
    "qwen-2.5": lambda: qwen([*ENDS, "<|fim_prefix|>", "<tool_call>", "</tool_call>"], False),
    "qwen-3": lambda: qwen([*ENDS, "<tool_call>", "</tool_call>", "<think>", "</think>"], True),
    "smollm": lambda: byte_level(pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), PLAIN])),
    "digits-together": lambda: byte_level(
        pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=False), PLAIN])
    ),
    "llama-2": llama2,
    "metaspace-first": lambda: metaspace("first", False),
    "metaspace-always": lambda: metaspace("always", True),
    "metaspace-never": lambda: metaspace("never", True),
    "unigram-bytes": lambda: metaspace("always", True, "Unigram"),
    "unigram-bytes-whole": lambda: metaspace("first", False, "Unigram"),
    "unigram": lambda: metaspace("always", True, "Unigram", False),
    "split-removed": lambda: splitting("removed"),
    "split-isolated": lambda: splitting("isolated"),
    "split-previous": lambda: splitting("merged_with_previous"),
    "split-next": lambda: splitting("merged_with_next"),
    "split-contiguous": lambda: splitting("contiguous", pattern=r"[\p{P}\s]"),
    "split-inverted": lambda: splitting("removed", True, r"\w+"),
    "split-threes": lambda: splitting("isolated", pattern=r"(?=(\d{3})+(?!\d))"),
    "punctuation": lambda: also(pre_tokenizers.Punctuation()),
    "punctuation-contiguous": lambda: also(pre_tokenizers.Punctuation("contiguous")),
    "punctuation-previous": lambda: also(pre_tokenizers.Punctuation("merged_with_previous")),
    "whitespace": lambda: also(pre_tokenizers.Whitespace()),
    "whitespace-split": lambda: also(pre_tokenizers.WhitespaceSplit()),
    "bert": lambda: also(pre_tokenizers.BertPreTokenizer()),
    "delimiter": lambda: also(pre_tokenizers.CharDelimiterSplit("a")),
    "words": lambda: words(pre_tokenizers.Whitespace()),
    "precompiled": lambda: byte_level(PLAIN, normalizers.Precompiled(charsmap(MAP))),
    "normalized": lambda: byte_level(
        PLAIN,
        normalizers.Sequence(
            [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase(), normalizers.Strip()]
        ),
    ),
}


def answers(name, made):
    """Of a tokenizer, or of the file that it would be saved as."""
    tokenizer = made if isinstance(made, Tokenizer) else Tokenizer.from_str(json.dumps(made))

    def answer(text):
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        return [ids, tokenizer.decode(ids, skip_special_tokens=False)]

    kind = {"tokenizer": made if isinstance(made, dict) else json.loads(tokenizer.to_str())}
    kind["cases"] = [answer(text) for text in TEXTS]
    more = MORE_TEXTS.get(name.split("-")[0])
    return {**kind, "more": [[text, *answer(text)] for text in more]} if more else kind


def main(path, only):
    before = json.loads(Path(path).read_text(encoding="utf8")) if only else None
    kinds = {
        name: answers(name, make()) if not only or name in only else before["kinds"][name]
        for name, make in KINDS.items()
    }
    shared = before["shared"] if only else kinds["gpt2"]["tokenizer"]["model"]
    for kind in kinds.values():
        if kind["tokenizer"]["model"] == shared:
            kind["tokenizer"]["model"] = "shared"
    lines = [f"{json.dumps(name)}:{dense(kind)}" for name, kind in kinds.items()]
    whole = f'{{"texts":{dense(TEXTS)},\n"shared":{dense(shared)},\n"kinds":{{\n' + ",\n".join(lines) + "\n}}\n"
    Path(path).write_text(whole, encoding="utf8")


def dense(value):
    return json.dumps(value, separators=(",", ":"))


main(sys.argv[1], sys.argv[3].split(",") if sys.argv[2:3] == ["--only"] else [])
