/** Odd core metadata, and where piot is stricter than PyPI, why. */

/** A document, or a row of several that differ in one value. */
interface Group {
  readonly name: string;
  /** `2.4` unless said otherwise. */
  readonly since?: string;
  readonly values: readonly string[];
  /** The header's name, or a whole document for a value. */
  readonly header: string | ((value: string) => string);
}

/** A document to be judged. */
export interface MetadataRow {
  readonly name: string;
  readonly text: string;
}

const document = (since: string, lines: string): string =>
  `Metadata-Version: ${since}\nName: demo\nVersion: 1.0\n${lines}\n\n`;

const REQUIREMENTS = [
  ...["a", "a>=1", "a >= 1, <2", "a[b]>1", "a[b,c] ; python_version<'3'", "a (>=1)", "a(>=1)"],
  ...["a (>=1) ; extra == 'x'", "a>=", "a[b", "a]b", "a ; python_version", "a ; foo == 'x'"],
  ...["a ; python_version < 3", "a>=1 b", "a===x", "a===x,y", "a===", "a~=1", "a~=1.0", "a==1.*"],
  ...["a>1.*", "a>=1.0.*", "a!=1.*", "a==1.0rc1.*", "a @ https://e.org/a.whl", "a@https://e.org/a"],
  ...["a @ https://e.org/a ; os_name=='nt'", "a @ https://e.org/a; os_name=='nt'", "a @", "@", ";"],
  ...["a ; extra=='x' and (os_name=='nt' or sys_platform=='w')", "a;(python_version>'3'"],
  ...["a;python_version>'3')", "-a>1", "a->1", "a_", "a.", "a>=1;", "a;", "a[]>1", "a[ ]", "a[b,]"],
  ...["a[b c]", "a[,b]", "a>=1.0+local", "a==1.0+local", "a>=1,", "a,b", ",a", "a==1.0.post"],
  ...[
    "a ; python_version in '3.8, 3.9'",
    "a ; python_version not in '3.8'",
    "a ; 'x' not  in extras",
  ],
  ...[
    "a ; python_version notin '3.8'",
    "a ; platform.machine == 'x'",
    "a ; platform.release == 'x'",
  ],
  ...[
    'a; extra == "x',
    "a; extra == 'x\"",
    "a=>1",
    "a=1",
    "a 1.0",
    "a ; 'x' == 'y'",
    "a;os_name>'\\'",
  ],
  ...[
    "a ; python_full_version~='3'",
    "a ; 'x' in extras",
    "a ; 'x' in dependency_groups",
    "a;(os_name)",
  ],
  ...[
    "a\n   >=1",
    "a>=1\n        ; python_version < '3'",
    "a>=1\n; python_version<'3'",
    "a ;\tos_name=='x'",
  ],
  ...[
    "a>=1 and b",
    "a; os_name=='x' or",
    "a; or os_name=='x'",
    "a; os_name=='x' os_name=='y'",
    "a >= 1 .0",
  ],
  ...[
    "a;os_name=='x'and os_name=='y'",
    "a;os_name in'x'",
    "a;os_name=='\\x41'",
    "a;os_name=='\\xzz'",
  ],
  ...[
    "a>=v1.0",
    "a>=1.0-1",
    "a>=1!2",
    "a<2a",
    "a()",
    "a(",
    "a)",
    "é",
    "aé",
    "a>=1é",
    "a==1,==2",
    "a ==  1",
  ],
  ...[
    "a ; ((os_name == 'x'))",
    "a ; ()",
    "a ; os.name == 'x' ",
    "a;python_implementation=='x'",
    "a ;",
  ],
];

const LICENCES = [
  ...[
    "MIT",
    "mit",
    "MIT OR Apache-2.0",
    "MIT or Apache-2.0",
    "Apache 2.0",
    "BSD",
    "GPL-3.0",
    "GPL-3.0+",
  ],
  ...[
    "GPL-2.0-or-later WITH Classpath-exception-2.0",
    "MIT WITH Classpath-exception-2.0",
    "LicenseRef-X",
  ],
  ...[
    "LicenseRef-",
    "licenseref-foo",
    "DocumentRef-a:LicenseRef-b",
    "(MIT)",
    "(MIT",
    "MIT)",
    "MIT AND",
  ],
  ...[
    "AND MIT",
    "MIT/Apache-2.0",
    "Proprietary",
    "MIT AND (Apache-2.0 OR BSD-3-Clause)",
    "LicenseRef-A_b",
  ],
  ...[
    "MIT+",
    "MIT +",
    "GPL-2.0-only WITH nope",
    "()",
    "MIT Apache-2.0",
    "(MIT)(MIT)",
    "MIT (MIT)",
    "NONE",
  ],
  ...[
    "NOASSERTION",
    "MIT, Apache-2.0",
    "MIT AND OR MIT",
    "WITH MIT",
    "MIT WITH",
    "(MIT OR ISC) WITH LLVM-exception",
  ],
  ...[
    "LicenseRef-x WITH LLVM-exception",
    "LicenseRef-x+",
    "BOLA-1.1",
    "MIT WITH mxml-exception",
    "not MIT",
  ],
  ...[
    "((MIT))",
    "MIT OR (ISC AND (Zlib))",
    "0BSD",
    "MIT\tOR\tISC",
    "AdditionRef-x",
    "MIT WITH AdditionRef-x",
  ],
];

const MAILS = [
  ...[
    "a@b.co",
    "A <a@b.co>",
    '"A, B" <a@b.co>',
    "A",
    "A B",
    "a@",
    "@b.co",
    "<a@b.co>",
    "A <a@b.co>, B <b@c.de>",
  ],
  ...[
    "a b@c.de",
    "a@b",
    "a@b.c.",
    "a@.b.co",
    "a@b..co",
    ".a@b.co",
    "a.@b.co",
    "a..b@c.de",
    "a@localhost",
  ],
  ...[
    "a@b.test",
    "a@b.local",
    "a@b.example",
    "a@b.invalid",
    "a@[1.2.3.4]",
    "a@1.2.3.4",
    '"a b"@c.de',
    "a@b_c.de",
  ],
  ...[
    "a@-b.de",
    "a@b-.de",
    "a@xn--bcher-kva.de",
    "a@ab--c.de",
    "ä@b.de",
    "a@bücher.de",
    "A <a@b.co",
    "A a@b.co>",
  ],
  ...[
    "a@b.co (A)",
    "(A) a@b.co",
    "a@b.co (A",
    "A <a at b.co>",
    "a at b dot co",
    "A <>",
    "a@b.co;",
    "a@b.co, ",
    "a@b.co,",
  ],
  ...[
    "A <A <a@b.co>>",
    "a@b@c.de",
    "A [x] <a@b.co>",
    "mailto:a@b.co",
    "A: a@b.co;",
    "a+b@c.de",
    "a'b@c.de",
    "a/b@c.de",
  ],
  ...[
    "A <a@b.co> (x)",
    "A <a@b.co> x",
    "none@none",
    "a@b.c1",
    `${"a".repeat(65)}@b.co`,
    `a@${"b".repeat(64)}.co`,
  ],
  ...[
    "A <a@b.co>;B <b@c>",
    "A <a@b.co>B <b@c>",
    "A. B. <a@b.co>",
    "a@b.co\n        , c",
    "a@b .co",
    "a @b.co",
    "Ä <a@b.co>",
  ],
];

const URLS = [
  ...[
    "https://e.org",
    "http://e.org/a?b=c#d",
    "HTTPS://E.org",
    "ftp://e.org",
    "e.org",
    "www.e.org",
    "//e.org",
  ],
  ...[
    "https:",
    "https://",
    "https:///a",
    "https://e.org:80",
    "https://e.org:99999",
    "https://e.org:a",
    "not a url",
  ],
  ...[
    "https://e.org/a b",
    "https://e.org/ä",
    "https://bücher.de",
    "https://e.org/%zz",
    "https://e.org/%41",
    "a",
  ],
  ...[
    "https://u:p@e.org",
    "https://[::1]/",
    "https://[::1",
    "https://e.org/a|b",
    "https://e.org/{a}",
    "https://e.org/[a]",
  ],
  ...[
    "https://1.2.3.4",
    "https://1.2.3.400",
    "git+https://e.org",
    "mailto:a@b.co",
    "<https://e.org>",
    "https://e.org/\\a",
  ],
  ...[
    "https://e.org?a=[b]",
    "https://e.org#a b",
    "https://e org",
    "https:e.org",
    "file:///a",
    "https://e.org/'a'(b)",
    "https://e.org?a b",
    "https://e.org?ä",
    "https://e.org?a|b",
    "https://e.org?%zz",
    "https://e.org?{a}",
    'https://e.org?a="b"',
    "https://e.org:80a/",
    "https://u@e.org:99999",
    "https://[::1]:99999",
  ],
];

const GROUPS: readonly Group[] = [
  {
    name: "metadata version",
    values: [
      "1.0",
      "1.1",
      "1.2",
      "2.0",
      "2.1",
      "2.2",
      "2.3",
      "2.4",
      "2.5",
      "2.6",
      "2.9",
      "3.0",
      "2",
      "2.01",
      "two",
    ],
    header: (value) => document(value, "Summary: x"),
  },
  {
    name: "name",
    values: ["-demo", "demo-", "de mo", "dé", "a", "A.b_c-d", "demo!", "a--b", "_a"],
    header: (value) => document("2.4", "").replace("demo", value),
  },
  {
    name: "version",
    values: [
      "1",
      "1.0a",
      "1.0-1",
      "v1.0",
      "1.0.dev",
      "1.0+x",
      "1.0-beta.1",
      "1!2",
      "abc",
      "1.0..1",
      "1.0 a1",
      "1.0.*",
    ],
    header: (value) => document("2.4", "").replace("Version: 1.0\n", `Version: ${value}\n`),
  },
  { name: "requirement", values: REQUIREMENTS, header: "Requires-Dist" },
  {
    name: "provided",
    values: ["a", "a>=1", "a @ https://e.org/a", "a b", "a>=x"],
    header: "Provides-Dist",
  },
  {
    name: "obsoleted",
    values: ["a (<1)", "a @ https://e.org/a", "a<<1"],
    header: "Obsoletes-Dist",
  },
  {
    name: "external",
    values: ["C", "libpng (>=1.5)", "a b c", "make; sys_platform != 'win32'"],
    header: "Requires-External",
  },
  {
    name: "extra",
    values: ["x", "X_y.z", "x y", "-x", "x-", "é", "", "a--b"],
    header: "Provides-Extra",
  },
  {
    name: "python",
    values: [
      ...[
        ">=3",
        ">=3.8,<4",
        "3.8",
        "~=3",
        ">=3.*",
        "==3.*",
        ">= 3.8",
        ">=3.8,",
        ">=3.8 <4",
        "",
        ">=3.8;",
        "=>3",
      ],
      ...[
        "!=3.0.*,!=3.1.*",
        "<4,>=3.8,!=3.9.dev",
        ">=3.8\n        ,<4",
        "===3",
        "~=3.8",
        ">=3.8 # x",
        "^3.8",
        ">3.7,",
      ],
    ],
    header: "Requires-Python",
  },
  { name: "licence", values: LICENCES, header: "License-Expression" },
  {
    name: "licence file",
    values: [
      ...[
        "LICENSE",
        "a/b",
        "../x",
        "/x",
        "a\\b",
        "*.txt",
        "C:/x",
        "C:x",
        "a/../b",
        "a//b",
        "./a",
        "a/",
        "a..b",
        ".",
      ],
      ...["a/./b", "a b", "LICENSES/Ä", "\\\\s\\x", "~/a"],
    ],
    header: "License-File",
  },
  {
    name: "content type",
    values: [
      ...[
        "text/markdown",
        "text/x-rst",
        "text/plain",
        "text/html",
        "text/markdown; charset=UTF-8; variant=GFM",
      ],
      ...[
        "text/markdown; variant=Commonmark",
        "text/markdown; variant=gfm",
        "text/plain; charset=latin-1",
        "TEXT/MARKDOWN",
      ],
      ...[
        "text/plain; charset=utf8",
        "markdown",
        "text/markdown;",
        "text/x-rst; variant=GFM",
        "text/x-rst; variant=x",
      ],
      ...[
        "text/markdown, x",
        'text/markdown; charset="UTF-8"',
        "text/markdown; variant='GFM'",
        "text/markdown;variant=GFM",
      ],
      ...[
        "text/markdown; charset=",
        "text/markdown; variant",
        "text /markdown",
        " text/markdown",
        "text/plain; x*",
      ],
      ...[
        "text/markdown; charset=utf-8",
        "text/markdown; Variant=GFM",
        "text/markdown;; variant=GFM",
        "text/rst",
      ],
    ],
    header: "Description-Content-Type",
  },
  {
    name: "summary",
    values: [
      "",
      "a\n        b",
      "😀".repeat(512),
      "😀".repeat(513),
      "x".repeat(513),
      "x".repeat(512),
      "a\u2028b",
      "UNKNOWN",
    ],
    header: "Summary",
  },
  { name: "mail", values: MAILS, header: "Author-email" },
  { name: "maintainer", values: ["a@b.co", "A", "a@b"], header: "Maintainer-email" },
  { name: "page", values: URLS, header: "Home-page" },
  { name: "download", values: ["https://e.org/a.tar.gz", "a.tar.gz"], header: "Download-URL" },
  {
    name: "project URL",
    values: [
      ...[
        "Home, https://e.org",
        "https://e.org",
        "Home",
        `${"x".repeat(32)}, https://e.org`,
        "Home,https://e.org",
      ],
      ...[
        `${"x".repeat(33)}, https://e.org`,
        `${"😀".repeat(32)}, https://e.org`,
        ", https://e.org",
        "Home, not a url",
      ],
      ...[
        "Home, ftp://e.org",
        "Home,",
        "A, https://e.org\nProject-URL: A, https://f.org",
        "Home,  https://e.org/a,b ",
      ],
      ...[
        "A, https://e.org\nProject-URL: a, https://f.org",
        "Home , https://e.org\nProject-URL: Home, https://f.org",
      ],
    ],
    header: "Project-URL",
  },
  {
    name: "classifier",
    values: [
      ...[
        "Programming Language :: Python :: 3",
        "Programming Language :: Pythn",
        "Programming Language::Python",
      ],
      ...[
        "Natural Language :: Ukranian",
        "Private :: Do Not Upload",
        "Private :: x",
        "programming language :: Python",
      ],
      ...[
        "License :: OSI Approved :: MIT License",
        "License :: OSI Approved :: Jabber Open Source License",
        "Topic",
      ],
      ...[
        "Framework :: Django CMS :: 4.2",
        "Programming Language :: Python :: 2.9",
        "Development Status :: 5",
        "",
      ],
    ],
    header: "Classifier",
  },
  {
    name: "dynamic",
    values: [
      "Version",
      "version",
      "Name",
      "Classifier",
      "Nope",
      "Requires-Dist",
      "License-File",
      "Home-page",
      "Download-URL",
    ],
    header: "Dynamic",
  },
  {
    name: "import name",
    since: "2.5",
    values: [
      "a",
      "a.b",
      "a-b",
      "class",
      "a ; private",
      "a;private",
      "a; public",
      "a.",
      "",
      "é",
      "1a",
      "a b",
      "_a",
      "a;",
    ],
    header: "Import-Name",
  },
  {
    name: "import namespace",
    since: "2.5",
    values: ["a", "a.class", "a-b", "match"],
    header: "Import-Namespace",
  },
  {
    name: "field too new",
    values: [
      ...[
        "2.3|License-Expression: MIT",
        "2.1|Dynamic: Classifier",
        "1.2|Provides-Extra: x",
        "2.4|Import-Name: a",
      ],
      ...[
        "1.0|Classifier: Topic :: Software Development",
        "1.1|Requires-Dist: a",
        "1.2|Description-Content-Type: text/plain",
      ],
      ...[
        "2.1|License-File: LICENSE",
        "1.0|Maintainer: A",
        "2.4|Import-Namespace: a",
        "1.1|Project-URL: A, https://e.org",
      ],
    ],
    header: (value) => document(value.split("|")[0]!, value.split("|")[1]!),
  },
  {
    name: "document",
    values: [
      ...[
        "X-Foo: a",
        "Name: demo2",
        "Summary: a\nSummary: b",
        "Keywords: a\nKeywords: b",
        "License: x\nLicense-Expression: MIT",
      ],
      ...[
        "License:\nLicense-Expression: MIT",
        "Description: a\n\nbody",
        "Provides-Extra: \nProvides-Extra: ",
        "Platform: x\n y",
      ],
      ...[
        "Author: A\n  B",
        "Home-page: https://e.org\nHome-page: https://f.org",
        "CLASSIFIER: Topic :: Games/Entertainment",
      ],
      ...[
        "Requires: a b",
        "Obsoletes: ;;",
        "Author-email: ",
        "Classifier: Topic :: Utilities\nClassifier: Topic :: Utilities",
      ],
    ],
    header: (value) => document("2.4", value),
  },
  {
    name: "without",
    values: ["Metadata-Version", "Name", "Version"],
    header: (value) => document("2.4", "").replace(new RegExp(`^${value}: .*\n`, "m"), ""),
  },
];

/** Every document by its name. */
export const METADATA_ROWS: readonly MetadataRow[] = GROUPS.flatMap((
  { name, since = "2.4", values, header },
) =>
  values.map((value) => ({
    name: `${name} ${
      JSON.stringify(value.length > 60 ? `${value.slice(0, 20)}… (${value.length})` : value)
    }`,
    text: typeof header === "string" ? document(since, `${header}: ${value}`) : header(value),
  }))
);

/** Where piot refuses what PyPI takes: the row's name, and the reason. */
export const STRICTER: Readonly<Record<string, string>> = {
  "requirement \"a>=1\\n; python_version<'3'\"":
    "the line that is no header, and every header below it, would be read as the description",
};
