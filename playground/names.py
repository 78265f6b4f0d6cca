"""Names the inhabitants are made of."""

_GIVEN = """
Amara Anouk Arjun Astrid Bashir Beatriz Bela Brigid Callum Carmen Chidi Cleo Daichi Dara
Delphine Dimitri Edda Eitan Elif Emeka Esther Farah Felix Finn Freya Gabor Gisela Hana Haruki
Hugo Ibrahim Ilse Imani Ivo Jamila Jonas Juno Kaia Kenji Kofi Lamia Leif Leila Linnea Luca Mael
Maren Mateo Meera Mila Miro Nadia Nils Nkechi Odile Olu Orla Otto Paloma Pavel Petra Priya Quinn
Rafael Rana Rosa Rune Sadie Sami Sanna Selma Silas Soren Sunniva Tariq Tessa Thea Tuva Uma
Valentin Vera Viola Wanda Wiktor Xenia Yara Yusuf Zadie Zeno
"""
_FAMILY = """
Abara Achterberg Adeyemi Almeida Aoki Bakker Banerjee Bergstrom Brandt Byrne Castellanos Cho
Costa Dahl Desai Diallo Duarte Eriksen Falk Farouk Ferreira Gallagher Ganz Gupta Haas Halloran
Hamdi Holm Ibarra Ito Jansen Kaplan Karlsson Keita Kovacs Kowalski Laine Lindqvist Lopes Macleod
Marchetti Mbeki Mendez Moreau Murakami Nakata Nassar Novak Nyberg Obi Okafor Olsen Osei Pereira
Petrov Quist Rahman Reinholt Romano Sato Schaefer Silva Sorensen Tanaka Tremblay Usman Vance
Vidal Weiss Yilmaz Zhang Ziegler
"""
_TOWNS = """
Antwerp Bergen Bilbao Bristol Cork Dakar Gdansk Genoa Ghent Hamburg Izmir Kobe Lagos Leeds
Lisbon Lyon Malmo Marseille Montreal Nairobi Oslo Porto Riga Rotterdam Salvador Tallinn Trieste
Turku Utrecht Valencia
"""

GIVEN = tuple(_GIVEN.split())
FAMILY = tuple(_FAMILY.split())
TOWNS = tuple(_TOWNS.split())
