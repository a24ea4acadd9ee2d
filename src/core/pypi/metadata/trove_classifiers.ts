/**
 * PyPI's list of classifiers, from the package `trove-classifiers` 2026.9.21.13, which PyPI reads it from. Written by
 * `scripts/write_pypi_lists.ts`.
 *
 * @module
 */

/** The day of the list. */
export const LISTED_ON = "2026-09-21";

/** One line for each word, below the word that it belongs to; a bar ends those that are no classifier alone. */
const TREE =
  "Development Status|\n 1 - Planning\n 2 - Pre-Alpha\n 3 - Alpha\n 4 - Beta\n 5 - Production/Stable\n 6 - Mature\n 7 - Inactive\nEnvironment|\n Console\n  Curses\n  Framebuffer\n  Newt\n  svgalib\n Cygwin (MS Windows)\n GPU\n  NVIDIA CUDA\n" +
  "   1.0\n   1.1\n   10.0\n   10.1\n   10.2\n   11\n   11.0\n   11.1\n   11.2\n   11.3\n   11.4\n   11.5\n   11.6\n   11.7\n   11.8\n   12\n    12.0\n    12.1\n    12.2\n    12.3\n    12.4\n    12.5\n    12.6\n   13\n   2.0\n   2.1\n   2.2\n" +
  "   2.3\n   3.0\n   3.1\n   3.2\n   4.0\n   4.1\n   4.2\n   5.0\n   5.5\n   6.0\n   6.5\n   7.0\n   7.5\n   8.0\n   9.0\n   9.1\n   9.2\n Handhelds/PDA's\n MacOS X\n  Aqua\n  Carbon\n  Cocoa\n No Input/Output (Daemon)\n OpenStack\n" +
  " Other Environment\n Plugins\n Web Environment\n  Buffet\n  Mozilla\n  ToscaWidgets\n WebAssembly\n  Emscripten\n  WASI\n Win32 (MS Windows)\n X11 Applications\n  GTK\n  Gnome\n  KDE\n  Qt\nFramework|\n AWS CDK\n  1\n  2\n AiiDA\n Ansible\n" +
  " AnyIO\n Apache Airflow\n  Provider\n AsyncIO\n BEAT\n BFG\n Bob\n Bottle\n Buildout\n  Extension\n  Recipe\n CastleCMS\n  Theme\n Celery\n Chandler\n CherryPy\n CubicWeb\n Dash\n Datasette\n Django\n  1\n  1.10\n  1.11\n  1.4\n  1.5\n" +
  "  1.6\n  1.7\n  1.8\n  1.9\n  2\n  2.0\n  2.1\n  2.2\n  3\n  3.0\n  3.1\n  3.2\n  4\n  4.0\n  4.1\n  4.2\n  5\n  5.0\n  5.1\n  5.2\n  6\n  6.0\n  6.1\n Django CMS\n  3.10\n  3.11\n  3.4\n  3.5\n  3.6\n  3.7\n  3.8\n  3.9\n  4.0\n  4.1\n" +
  "  5.0\n  5.1\n FastAPI\n Flake8\n Flask\n Hatch\n Hypothesis\n IDLE\n IPython\n InvenTree\n Jupyter\n  JupyterLab\n   1\n   2\n   3\n   4\n   Extensions\n    Mime Renderers\n    Prebuilt\n    Themes\n Kedro\n Lektor\n Litestar\n  1\n  2\n" +
  "  3\n Masonite\n Matplotlib\n MkDocs\n Nengo\n Odoo\n  10.0\n  11.0\n  12.0\n  13.0\n  14.0\n  15.0\n  16.0\n  17.0\n  18.0\n  19.0\n  20.0\n  8.0\n  9.0\n OpenTelemetry\n  Distros\n  Exporters\n  Instrumentations\n Opps\n Paste\n Pelican\n" +
  "  Plugins\n  Themes\n Plone\n  3.2\n  3.3\n  4.0\n  4.1\n  4.2\n  4.3\n  5.0\n  5.1\n  5.2\n  5.3\n  6.0\n  6.1\n  6.2\n  6.3\n  Addon\n  Core\n  Distribution\n  Theme\n PySimpleGUI\n  4\n  5\n Pycsou\n Pydantic\n  1\n  2\n Pylons\n" +
  " Pyodide\n Pyramid\n Pytest\n Review Board\n Robot Framework\n  Library\n  Tool\n Scrapy\n Setuptools Plugin\n Sphinx\n  Domain\n  Extension\n  Theme\n Trac\n Trio\n Tryton\n TurboGears\n  Applications\n  Widgets\n Twisted\n Wagtail\n  1\n" +
  "  2\n  3\n  4\n  5\n  6\n  7\n  8\n ZODB\n Zope\n  2\n  3\n  4\n  5\n  6\n Zope2\n Zope3\n aiohttp\n cocotb\n napari\n tox\nIntended Audience|\n Customer Service\n Developers\n Education\n End Users/Desktop\n" +
  " Financial and Insurance Industry\n Healthcare Industry\n Information Technology\n Legal Industry\n Manufacturing\n Other Audience\n Religion\n Science/Research\n System Administrators\n Telecommunications Industry\nLicense|\n" +
  " Aladdin Free Public License (AFPL)\n CC0 1.0 Universal (CC0 1.0) Public Domain Dedication\n CeCILL-B Free Software License Agreement (CECILL-B)\n CeCILL-C Free Software License Agreement (CECILL-C)\n DFSG approved\n" +
  " Eiffel Forum License (EFL)\n Free For Educational Use\n Free For Home Use\n Free To Use But Restricted\n Free for non-commercial use\n Freely Distributable\n Freeware\n GUST Font License 1.0\n GUST Font License 2006-09-30\n" +
  " Netscape Public License (NPL)\n Nokia Open Source License (NOKOS)\n OSI Approved\n  Academic Free License (AFL)\n  Apache Software License\n  Apple Public Source License\n  Artistic License\n  Attribution Assurance License\n  BSD License\n" +
  "  Blue Oak Model License (BlueOak-1.0.0)\n  Boost Software License 1.0 (BSL-1.0)\n  CEA CNRS Inria Logiciel Libre License, version 2.1 (CeCILL-2.1)\n  CMU License (MIT-CMU)\n  Common Development and Distribution License 1.0 (CDDL-1.0)\n" +
  "  Common Public License\n  Eclipse Public License 1.0 (EPL-1.0)\n  Eclipse Public License 2.0 (EPL-2.0)\n  Educational Community License, Version 2.0 (ECL-2.0)\n  Eiffel Forum License\n  European Union Public Licence 1.0 (EUPL 1.0)\n" +
  "  European Union Public Licence 1.1 (EUPL 1.1)\n  European Union Public Licence 1.2 (EUPL 1.2)\n  GNU Affero General Public License v3\n  GNU Affero General Public License v3 or later (AGPLv3+)\n  GNU Free Documentation License (FDL)\n" +
  "  GNU General Public License (GPL)\n  GNU General Public License v2 (GPLv2)\n  GNU General Public License v2 or later (GPLv2+)\n  GNU General Public License v3 (GPLv3)\n  GNU General Public License v3 or later (GPLv3+)\n" +
  "  GNU Lesser General Public License v2 (LGPLv2)\n  GNU Lesser General Public License v2 or later (LGPLv2+)\n  GNU Lesser General Public License v3 (LGPLv3)\n  GNU Lesser General Public License v3 or later (LGPLv3+)\n" +
  "  GNU Library or Lesser General Public License (LGPL)\n  Historical Permission Notice and Disclaimer (HPND)\n  IBM Public License\n  ISC License (ISCL)\n  MIT License\n  MIT No Attribution License (MIT-0)\n  MirOS License (MirOS)\n" +
  "  Motosoto License\n  Mozilla Public License 1.0 (MPL)\n  Mozilla Public License 1.1 (MPL 1.1)\n  Mozilla Public License 2.0 (MPL 2.0)\n  Mulan Permissive Software License v2 (MulanPSL-2.0)\n  NASA Open Source Agreement v1.3 (NASA-1.3)\n" +
  "  Nethack General Public License\n  Nokia Open Source License\n  Open Group Test Suite License\n  Open Software License 3.0 (OSL-3.0)\n  PostgreSQL License\n  Python License (CNRI Python License)\n  Python Software Foundation License\n" +
  "  Qt Public License (QPL)\n  Ricoh Source Code Public License\n  SIL Open Font License 1.1 (OFL-1.1)\n  Sleepycat License\n  Sun Public License\n  The Unlicense (Unlicense)\n  Universal Permissive License (UPL)\n" +
  "  University of Illinois/NCSA Open Source License\n  Vovida Software License 1.0\n  W3C License\n  Zero-Clause BSD (0BSD)\n  Zope Public License\n  zlib/libpng License\n Other/Proprietary License\n Public Domain\n Repoze Public License\n" +
  "Natural Language|\n Afrikaans\n Arabic\n Armenian\n Basque\n Bengali\n Bosnian\n Bulgarian\n Cantonese\n Catalan\n Catalan (Valencian)\n Chinese (Simplified)\n Chinese (Traditional)\n Croatian\n Czech\n Danish\n Dutch\n English\n" +
  " Esperanto\n Estonian\n Finnish\n French\n Galician\n Georgian\n German\n Greek\n Hebrew\n Hindi\n Hungarian\n Icelandic\n Indonesian\n Irish\n Italian\n Japanese\n Javanese\n Korean\n Latin\n Latvian\n Lithuanian\n Macedonian\n Malay\n" +
  " Marathi\n Nepali\n Norwegian\n Panjabi\n Persian\n Polish\n Portuguese\n Portuguese (Brazilian)\n Romanian\n Russian\n Serbian\n Slovak\n Slovenian\n Spanish\n Swedish\n Tamil\n Telugu\n Thai\n Tibetan\n Turkish\n Ukrainian\n Urdu\n" +
  " Vietnamese\n Yiddish\nOperating System|\n Android\n BeOS\n MacOS\n  MacOS 9\n  MacOS X\n Microsoft\n  MS-DOS\n  Windows\n   Windows 10\n   Windows 11\n   Windows 3.1 or Earlier\n   Windows 7\n   Windows 8\n   Windows 8.1\n" +
  "   Windows 95/98/2000\n   Windows CE\n   Windows NT/2000\n   Windows Server 2003\n   Windows Server 2008\n   Windows Vista\n   Windows XP\n OS Independent\n OS/2\n Other OS\n PDA Systems\n POSIX\n  AIX\n  BSD\n   BSD/OS\n   FreeBSD\n" +
  "   NetBSD\n   OpenBSD\n  GNU Hurd\n  HP-UX\n  IRIX\n  Linux\n  Other\n  SCO\n  SunOS/Solaris\n PalmOS\n RISC OS\n Unix\n iOS\nProgramming Language|\n APL\n ASP\n Ada\n Assembly\n Awk\n Basic\n C\n C#\n C++\n Cold Fusion\n Cython\n D\n" +
  " Delphi/Kylix\n Dylan\n Eiffel\n Emacs-Lisp\n Erlang\n Euler\n Euphoria\n F#\n Forth\n Fortran\n Go\n Haskell\n Hy\n Java\n JavaScript\n Kotlin\n Lisp\n Logo\n Lua\n ML\n Modula\n OCaml\n Object Pascal\n Objective C\n Other\n" +
  " Other Scripting Engines\n PHP\n PL/SQL\n PROGRESS\n Pascal\n Perl\n Pike\n Pliant\n Prolog\n Python\n  2\n   Only\n  2.3\n  2.4\n  2.5\n  2.6\n  2.7\n  3\n   Only\n  3.0\n  3.1\n  3.10\n  3.11\n  3.12\n  3.13\n  3.14\n  3.15\n  3.16\n" +
  "  3.2\n  3.3\n  3.4\n  3.5\n  3.6\n  3.7\n  3.8\n  3.9\n  Free Threading\n   1 - Unstable\n   2 - Beta\n   3 - Stable\n   4 - Resilient\n  Implementation\n   CPython\n   GraalPy\n   IronPython\n   Jython\n   MicroPython\n   PyPy\n" +
  "   Stackless\n R\n REBOL\n Rexx\n Ruby\n Rust\n SQL\n Scheme\n Simula\n Smalltalk\n Tcl\n Unix Shell\n Visual Basic\n XBasic\n YACC\n Zig\n Zope\nTopic|\n Adaptive Technologies\n Artistic Software\n Communications\n  BBS\n  Chat\n   ICQ\n" +
  "   Internet Relay Chat\n   Unix Talk\n  Conferencing\n  Email\n   Address Book\n   Email Clients (MUA)\n   Filters\n   Mail Transport Agents\n   Mailing List Servers\n   Post-Office\n    IMAP\n    POP3\n  FIDO\n  Fax\n  File Sharing\n" +
  "   Gnutella\n   Napster\n  Ham Radio\n  Internet Phone\n  Telephony\n  Usenet News\n Database\n  Database Engines/Servers\n  Front-Ends\n Desktop Environment\n  File Managers\n  GNUstep\n  Gnome\n  K Desktop Environment (KDE)\n   Themes\n" +
  "  PicoGUI\n   Applications\n   Themes\n  Screen Savers\n  Window Managers\n   Afterstep\n    Themes\n   Applets\n   Blackbox\n    Themes\n   CTWM\n    Themes\n   Enlightenment\n    Epplets\n    Themes DR15\n    Themes DR16\n" +
  "    Themes DR17\n   FVWM\n    Themes\n   Fluxbox\n    Themes\n   IceWM\n    Themes\n   MetaCity\n    Themes\n   Oroborus\n    Themes\n   Sawfish\n    Themes 0.30\n    Themes pre-0.30\n   Waimea\n    Themes\n   Window Maker\n    Applets\n" +
  "    Themes\n   XFCE\n    Themes\n Documentation\n  Sphinx\n Education\n  Computer Aided Instruction (CAI)\n  Testing\n File Formats\n  JSON\n   JSON Schema\n Games/Entertainment\n  Arcade\n  Board Games\n  First Person Shooters\n" +
  "  Fortune Cookies\n  Multi-User Dungeons (MUD)\n  Puzzle Games\n  Real Time Strategy\n  Role-Playing\n  Side-Scrolling/Arcade Games\n  Simulation\n  Turn Based Strategy\n Home Automation\n Internet\n  File Transfer Protocol (FTP)\n" +
  "  Finger\n  Log Analysis\n  Name Service (DNS)\n  Proxy Servers\n  WAP\n  WWW/HTTP\n   Browsers\n   Dynamic Content\n    CGI Tools/Libraries\n    Content Management System\n    Message Boards\n    News/Diary\n    Page Counters\n    Wiki\n" +
  "   HTTP Servers\n   Indexing/Search\n   Session\n   Site Management\n    Link Checking\n   WSGI\n    Application\n    Middleware\n    Server\n  XMPP\n  Z39.50\n Multimedia\n  Graphics\n   3D Modeling\n   3D Rendering\n   Capture\n" +
  "    Digital Camera\n    Scanners\n    Screen Capture\n   Editors\n    Raster-Based\n    Vector-Based\n   Graphics Conversion\n   Presentation\n   Viewers\n  Sound/Audio\n   Analysis\n   CD Audio\n    CD Playing\n    CD Ripping\n" +
  "    CD Writing\n   Capture/Recording\n   Conversion\n   Editors\n   MIDI\n   Mixers\n   Players\n    MP3\n   Sound Synthesis\n   Speech\n  Video\n   Capture\n   Conversion\n   Display\n   Non-Linear Editor\n Office/Business\n  Financial\n" +
  "   Accounting\n   Investment\n   Point-Of-Sale\n   Spreadsheet\n  Groupware\n  News/Diary\n  Office Suites\n  Scheduling\n Other/Nonlisted Topic\n Printing\n Religion\n Scientific/Engineering\n  Artificial Intelligence\n  Artificial Life\n" +
  "  Astronomy\n  Atmospheric Science\n  Bio-Informatics\n  Chemistry\n  Electronic Design Automation (EDA)\n  GIS\n  Human Machine Interfaces\n  Hydrology\n  Image Processing\n  Image Recognition\n  Information Analysis\n" +
  "  Instrument Drivers\n   IVI Conformant\n  Interface Engine/Protocol Translator\n  Mathematics\n  Medical Science Apps.\n  Oceanography\n  Physics\n  Quantum Computing\n  Visualization\n Security\n  Cryptography\n Sociology\n  Genealogy\n" +
  "  History\n Software Development\n  Assemblers\n  Bug Tracking\n  Build Tools\n  Code Generators\n  Compilers\n  Debuggers\n  Disassemblers\n  Documentation\n  Embedded Systems\n   Controller Area Network (CAN)\n    CANopen\n    J1939\n" +
  "  Internationalization\n  Interpreters\n  Libraries\n   Application Frameworks\n   Java Libraries\n   PHP Classes\n   Perl Modules\n   Pike Modules\n   Python Modules\n   Ruby Modules\n   Tcl Extensions\n   pygame\n  Localization\n" +
  "  Object Brokering\n   CORBA\n  Pre-processors\n  Quality Assurance\n  Testing\n   Acceptance\n   BDD\n   Mocking\n   Traffic Generation\n   Unit\n  User Interfaces\n  Version Control\n   Bazaar\n   CVS\n   Git\n   Mercurial\n   RCS\n" +
  "   SCCS\n  Widget Sets\n System\n  Archiving\n   Backup\n   Compression\n   Mirroring\n   Packaging\n  Benchmark\n  Boot\n   Init\n  Clustering\n  Console Fonts\n  Distributed Computing\n  Emulators\n  Filesystems\n  Hardware\n" +
  "   Hardware Drivers\n   Mainframes\n   Symmetric Multi-processing\n   Universal Serial Bus (USB)\n    Audio\n    Audio/Video (AV)\n    Communications Device Class (CDC)\n    Diagnostic Device\n    Hub\n    Human Interface Device (HID)\n" +
  "    Mass Storage\n    Miscellaneous\n    Printer\n    Smart Card\n    Vendor\n    Video (UVC)\n    Wireless Controller\n  Installation/Setup\n  Logging\n  Monitoring\n  Networking\n   Firewalls\n   Monitoring\n    Hardware Watchdog\n" +
  "   Time Synchronization\n  Operating System\n  Operating System Kernels\n   BSD\n   GNU Hurd\n   Linux\n  Power (UPS)\n  Recovery Tools\n  Shells\n  Software Distribution\n  System Shells\n  Systems Administration\n" +
  "   Authentication/Directory\n    LDAP\n    NIS\n Terminals\n  Serial\n  Telnet\n  Terminal Emulators/X Terminals\n Text Editors\n  Documentation\n  Emacs\n  Integrated Development Environments (IDE)\n  Text Processing\n  Word Processors\n" +
  " Text Processing\n  Filters\n  Fonts\n  General\n  Indexing\n  Linguistic\n  Markup\n   HTML\n   LaTeX\n   Markdown\n   SGML\n   VRML\n   XML\n   reStructuredText\n Utilities\nTyping|\n Stubs Only\n Typed";

/** Every classifier that PyPI takes. */
export const CLASSIFIERS: ReadonlySet<string> = new Set(unfold(TREE.split("\n")));

/** Those that it takes no more, and what stands in their place. */
export const DEPRECATED_CLASSIFIERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["Framework :: Django CMS :: 4.2", ["Framework :: Django CMS :: 5.0"]],
  ["License :: OSI Approved :: Intel Open Source License", []],
  ["License :: OSI Approved :: Jabber Open Source License", []],
  ["License :: OSI Approved :: MITRE Collaborative Virtual Workspace License (CVW)", []],
  ["License :: OSI Approved :: Sun Industry Standards Source License (SISSL)", []],
  ["License :: OSI Approved :: X.Net License", []],
  ["Natural Language :: Ukranian", ["Natural Language :: Ukrainian"]],
  ["Topic :: Communications :: Chat :: AOL Instant Messenger", []],
]);

function* unfold(lines: readonly string[]): Iterable<string> {
  const above: string[] = [];
  for (const line of lines) {
    const word = line.trimStart();
    above.length = line.length - word.length;
    above.push(word.replace(/\|$/, ""));
    if (!word.endsWith("|")) yield above.join(" :: ");
  }
}
