#!/usr/bin/env python3
"""Draws the structure of a Swift package as a sheet of text: who names whom, circles, and what is long, deep or wide.

    house.py REPO [--under Sources] [--module NAME] [--top 12]
    house.py REPO --check    (prints only what breaks the rules of CONTRIBUTING.md, and ends with 1 where there is any)

Swift has no imports within a module, so the sources are read as text: comments and strings are left out (code inside
interpolations counts), definitions are found by keywords and braces. A file names another where it uses a type, or a
member of two words or more (storeAnswer), that the other alone defines, in its own module first, then in those that it
imports. No type is inferred: a member of one word, or that two files define, ties nothing: figures are lower bounds.
"""
import argparse
import bisect
import collections
import pathlib
import re

STRING = re.compile(r'(#*)("""|")')
REGEX = re.compile(r'#/.*?/#|(?<=[=(,:] )/(?![\s/*])(?:\\.|[^/\n\\])+/|(?<=\()/(?![\s/*])(?:\\.|[^/\n\\])+/')
TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|[^\w\s]")
TYPES = {"struct", "class", "actor", "enum", "protocol", "extension"}
HUMP = re.compile(r"^[a-z0-9]+[A-Z]")
APPLES = {"timeZone", "isASCII", "Error", "Result", "Task"}  # names that Foundation or Swift has too


def blank(text):
    """The text with comments and the insides of literals as blanks; lines stay."""
    out, i, literals = [], 0, []  # literals: [closing, escape, depth of parentheses within an interpolation]

    def skip(count):
        nonlocal i
        out.append("".join(c if c == "\n" else " " for c in text[i:i + count]))
        i += count

    while i < len(text):
        literal = literals[-1] if literals else None
        if literal and not literal[2]:
            if text.startswith(literal[0], i):
                skip(len(literals.pop()[0]))
            elif text.startswith(literal[1] + "(", i):
                skip(len(literal[1]) + 1)
                literal[2] = 1
            else:
                skip(len(literal[1]) + 1 if text.startswith(literal[1], i) else 1)
        elif text.startswith("//", i):
            skip((text + "\n").index("\n", i) - i)
        elif text.startswith("/*", i):
            skip(text.index("*/", i) + 2 - i)
        elif match := STRING.match(text, i):
            literals.append([match[2] + match[1], "\\" + match[1], 0])
            skip(len(match[0]))
        elif match := REGEX.match(text, i):
            skip(len(match[0]))
        else:
            if literal:
                literal[2] += (text[i] == "(") - (text[i] == ")")
            out.append(text[i] if not literal or literal[2] else " ")
            i += 1
    return "".join(out)


class File:
    """One source file: what it defines and which names it uses."""

    def __init__(self, path, root):
        self.path = path.relative_to(root).as_posix()
        parts = self.path.split("/")
        self.module, self.folder = parts[0], "/".join(parts[:2]) if len(parts) > 2 else parts[0]
        text = path.read_text(encoding="utf-8")
        self.lines = text.count("\n")
        self.imports, self.types, self.tops, self.extends = {self.module}, set(), set(), set()
        self.members = collections.defaultdict(set)  # type -> names
        self.stored = collections.Counter()  # type -> stored properties
        self.functions = []  # (lines, nesting, parameters, name, line)
        code, starts = blank(text), [m.start() for m in re.finditer("\n", text)]
        self.tokens = [(m[0], m.start()) for m in TOKEN.finditer(code)]
        self.words = [word for word, _ in self.tokens]
        self.parse(lambda offset: bisect.bisect_left(starts, offset) + 1)
        self.imports |= {b for a, b in zip(self.words, self.words[1:]) if a == "import"}

    def parse(self, line_of):
        scopes, parens, pending = [], 0, None  # a scope: [kind, name, line, parameters, deepest]
        words = self.words
        for i, (word, offset) in enumerate(self.tokens):
            before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
            owner = next((s for s in reversed(scopes) if s[0] != "block"), None)
            is_member = not scopes or scopes[-1][0] == "type"
            if word in "([":
                parens += 1
            elif word in ")]":
                parens -= 1
            elif word == "{":
                is_body = pending and pending[-1] == parens
                if is_body and pending[0] == "computed":
                    self.stored[pending[1].split(".")[0]] -= before != "="
                    pending[0] = "function"
                scopes.append(pending[:4] + [0, parens] if is_body else ["block", "", 0, 0, 0, parens])
                parens, pending = 0, None if is_body else pending
                inner = [s for s in scopes if s[0] == "function"]
                if inner and scopes[-1][0] == "block":
                    inner[-1][4] = max(inner[-1][4], len(scopes) - 1 - scopes.index(inner[-1]))
            elif word == "}" and scopes:
                kind, name, line, parameters, deepest, parens = scopes.pop()
                pending = None if is_member else pending
                if kind == "function":
                    self.functions.append((line_of(offset) - line + 1, deepest, parameters, name, line))
            elif before in (".", "import") or after == ":" and before in "(,":
                continue
            elif word in TYPES and after not in ("func", "var", "let", "subscript", "{", ",") and before != ":":
                name = after
                if word == "extension":
                    name = re.match(r"\W*([\w.]+)", " ".join(words[i + 1:i + 8]).replace(" . ", "."))[1].split(".")[-1]
                    self.extends.add(name)
                else:
                    self.types.add(name)
                    self.tops |= set() if scopes else {name}
                pending = ["type", name, line_of(offset), 0, parens]
            elif word == "typealias":
                self.types.add(after)
            elif word == "func" or word in ("init", "subscript") and after in "(?!<" and before not in (".", "="):
                name = after if word == "func" else word
                holder = owner[1] if owner and owner[0] == "type" else ""
                if is_member and word == "func":
                    self.members[holder].add(name)
                pending = ["function", f"{holder}.{name}" if holder else name, line_of(offset),
                           self.parameters(i), parens]
            elif word == "case" and is_member and owner:
                cases = re.findall(r"(?:^|, )(\w+)", " ".join(words[i + 1:i + 12]).replace(" ,", ","))
                self.members[owner[1]].update(cases)
            elif word in ("var", "let") and is_member:
                holder = owner[1] if owner else ""
                self.members[holder].add(after)
                self.stored[holder] += before != "static"
                if word == "var":
                    pending = ["computed", f"{holder}.{after}", line_of(offset), 0, parens]

    def parameters(self, i):
        """How many parameters the signature at a token has: each has one colon of its own."""
        while self.words[i] != "(":
            i += 1
        depth = count = 0
        for word in self.words[i:]:
            depth += (word in "([{") - (word in ")]}")
            count += word == ":" and depth == 1
            if not depth:
                return count


def arrows(files):
    """(from, to) -> names, between files."""
    types, members = collections.defaultdict(set), collections.defaultdict(set)
    for file in files:
        for name in file.types - APPLES:
            types[name].add(file)
        for holder, names in file.members.items():
            for name in names - APPLES:
                if HUMP.match(name):
                    members[name].add((file, holder))
    found = collections.defaultdict(collections.Counter)
    for file in files:
        own = {name for names in file.members.values() for name in names}
        for i, word in enumerate(file.words):
            before, after = file.words[i - 1] if i else "", file.words[i + 1] if i + 1 < len(file.words) else ""
            if word[0].isupper() and word not in file.types:
                homes = {f for f in types[word] if f.module in file.imports}
                homes = {f for f in homes if f.module == file.module} or homes
            elif word in members and word not in own and before not in ("func", "var", "let", "case"):
                at = {(f, holder) for f, holder in members[word] if f.module in file.imports}
                is_ours = before == "." or any(h in file.extends | file.types or not h for _, h in at)
                homes = {f for f, _ in at} if is_ours and not (after == ":" and before in ("(", ",")) else set()
            else:
                continue
            if len(homes) == 1 and (home := homes.pop()) is not file:
                found[file, home][word] += 1
    return found


def circles(graph):
    """The strongly connected sets of more than one node, by reachability (graphs here are small)."""
    def reach(start):
        seen, todo = set(), {start}
        while todo:
            todo = set().union(*(graph[node] for node in todo)) - seen
            seen |= todo
        return seen
    reached = {node: reach(node) for node in list(graph)}
    sets = {frozenset(b for b in reached[a] if a in reached.get(b, ())) for a in reached}
    return sorted((sorted(s) for s in sets if len(s) > 1), key=len, reverse=True)


MOST_LINES, MOST_FILES, MOST_MEMBERS = 300, 6, 60


def faults(files):
    """Sentences about what breaks the rules: circles of folders within a module, and what is too long or too wide."""
    for file in files:
        if file.lines > MOST_LINES:
            yield f"{file.path} has {file.lines} lines, more than {MOST_LINES}"
    spread, members = collections.defaultdict(set), collections.Counter()
    for file in files:
        for name in file.tops | file.extends:
            spread[file.module, name].add(file)
        for holder, names in file.members.items():
            members[file.module, holder] += len(names)
    own = {(file.module, name) for file in files for name in file.tops}
    for key in sorted(own & set(spread)):
        if len(spread[key]) > MOST_FILES or members[key] > MOST_MEMBERS:
            yield f"{'.'.join(key)} is spread over {len(spread[key])} files with {members[key]} members"
    between = arrows(files)
    for module in sorted({file.module for file in files}):
        graph, said = collections.defaultdict(set), collections.defaultdict(set)
        for (a, b), names in between.items():
            if a.folder != b.folder and a.module == b.module == module:
                graph[a.folder].add(b.folder)
                said[a.folder, b.folder] |= set(names)
        for circle in circles(graph):
            names = sorted({name for a in circle for b in circle for name in said.get((a, b), ())})
            yield f"folders that name each other in a circle: {', '.join(circle)} (by {', '.join(names[:12])})"


def table(title, rows):
    print(f"\n{title}")
    for row in rows:
        print("  " + "  ".join(f"{cell:>6}" if isinstance(cell, int) else str(cell) for cell in row))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, more in (("repo", {"type": pathlib.Path}), ("--under", {"default": "Sources"}), ("--module", {}),
                       ("--top", {"type": int, "default": 12})):
        options.add_argument(name, **more)
    options.add_argument("--check", action="store_true")
    args = options.parse_args()
    root, top = args.repo / args.under, args.top
    files = [File(path, root) for path in sorted(root.rglob("*.swift"))]
    if args.check:
        found = list(faults(files))
        print("\n".join(found) or f"{len(files)} files: every arrow points one way")
        raise SystemExit(1 if found else 0)
    between = arrows(files)
    if args.module:
        files = [f for f in files if f.module == args.module]
        between = {pair: names for pair, names in between.items() if {f.module for f in pair} == {args.module}}
    lines = sorted(f.lines for f in files)
    print(f"{len(files)} files, {sum(lines)} lines; median {lines[len(lines) // 2]}, longest {lines[-1]}; "
          f"{len(between)} arrows between files")
    folders, graph = collections.defaultdict(collections.Counter), collections.defaultdict(set)
    for (a, b), names in between.items():
        if a.folder != b.folder:
            folders[a.folder, b.folder].update(names)
            graph[a.folder].add(b.folder)
    size = {folder: sum(f.lines for f in files if f.folder == folder) for folder in {f.folder for f in files}}
    table("Folders: lines, uses, used by", sorted(
        ((size[f], len(graph[f]), sum(f in to for to in graph.values()), f) for f in size), reverse=True))
    table("Circles of folders", [(len(c), ", ".join(c)) for c in circles(graph)])
    said = {pair: ", ".join(name for name, _ in names.most_common(9)) for pair, names in folders.items()}
    table("Pairs of folders that name each other: names there, back, the fewer of them", [
        (len(names), len(folders[b, a]), f"{a}, {b}: {said[min((a, b), (b, a), key=lambda p: len(folders[p]))]}")
        for (a, b), names in sorted(folders.items()) if a < b and (b, a) in folders])
    table("Folder arrows: names, from -> to", [
        (len(names), f"{a} -> {b}: {said[a, b]}")
        for (a, b), names in sorted(folders.items(), key=lambda item: -len(item[1]))[:top * 3]])
    for title, end in (("Files that name the most others", 0), ("Files that the most others name", 1)):
        table(title, [(n, f.path) for f, n in collections.Counter(pair[end] for pair in between).most_common(top)])
    spread, api = collections.defaultdict(set), collections.Counter()
    for file in files:
        for name in file.tops | file.extends:
            spread[file.module, name].add(file)
        for holder, names in file.members.items():
            api[file.module, holder] += len(names)
    table("Most stored properties", sorted(
        ((n, f"{name}  {file.path}") for file in files for name, n in file.stored.items()), reverse=True)[:top])
    table("Types over the most files: files, members, lines of these files, folders", sorted(
        ((len(fs), api[key], sum(f.lines for f in fs), ".".join(key), *sorted({f.folder.split("/")[-1] for f in fs}))
         for key, fs in spread.items()), reverse=True)[:top])
    table("Longest files", [(f.lines, f.path) for f in sorted(files, key=lambda f: -f.lines)[:top]])
    functions = [(*f, file.path) for file in files for f in file.functions]
    for column, title in enumerate(("Longest functions (lines)", "Deepest nesting", "Widest parameter lists")):
        ranked = sorted(functions, key=lambda f: (-f[column], -f[0]))[:top]
        table(title, [(f[column], f"{f[3]}  {f[5]}:{f[4]}") for f in ranked])


if __name__ == "__main__":
    main()
